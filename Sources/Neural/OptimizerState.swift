import CKernels

/// Adam's running means of the gradients and of their squares, in the layout of a plan's parameters.
public final class OptimizerState: ParallelWork {
    /// How many parameters a thread takes at a time.
    private static let block = 64 * 1024

    // What the threads work with now; set before they are called.
    private var factors: (rate: Float, beta1: Float, beta2: Float, epsilon: Float) = (0, 0, 0, 0)
    private let plan: Plan
    private let first: Memory
    private let second: Memory

    public init(_ plan: Plan) {
        self.plan = plan
        first = Memory(plan.parameters.learnedCount)
        second = Memory(plan.parameters.learnedCount)
    }

    /// m = β₁ m + (1 − β₁) g, v = β₂ v + (1 − β₂) g², parameter −= rate · m / (√v + ε).
    ///
    /// - Parameter rate: holds the learning rate and the corrections of the means' bias.
    public func update(rate: Float, beta1: Float, beta2: Float, epsilon: Float) {
        let count = plan.parameters.values.count
        precondition(count == first.count && plan.parameters.gradients.count == first.count)
        factors = (rate, beta1, beta2, epsilon)
        let block = OptimizerState.block
        plan.pool.run(self, items: (count + block - 1) / block)
        plan.parametersDidChange()
    }

    /// One block of the parameters.
    func perform(item: Int, worker: Int) {
        let (values, gradients) = (plan.parameters.values, plan.parameters.gradients)
        guard let parameters = values.baseAddress, let slopes = gradients.baseAddress else { return }
        let start = item * OptimizerState.block
        lw_adam(
            parameters + start, slopes + start, first.pointer + start, second.pointer + start,
            min(OptimizerState.block, values.count - start), factors.rate, factors.beta1, factors.beta2,
            factors.epsilon)
    }

    /// The running means of the gradients, in PyTorch's layout: a permutation, so that not a bit is lost.
    public var firstMoments: [String: Tensor] { plan.parameters.tensors(in: first) }

    /// The running means of the gradients' squares, in PyTorch's layout.
    public var secondMoments: [String: Tensor] { plan.parameters.tensors(in: second) }

    /// - Precondition: both have every learned tensor of the plan with its shape; others are passed over.
    public func load(firstMoments: [String: Tensor], secondMoments: [String: Tensor]) {
        plan.parameters.place(firstMoments, into: first)
        plan.parameters.place(secondMoments, into: second)
    }
}

extension ParameterStore {
    /// Σ g² over all gradients, in double precision and always in the same order.
    public var gradientSquares: Double {
        gradients.baseAddress.map { lw_sum_squares($0, gradients.count) } ?? 0
    }

    /// Multiplies all gradients.
    public func scaleGradients(by factor: Float) {
        if let base = gradients.baseAddress { lw_scale(base, gradients.count, factor) }
    }

    /// Multiplies the weights of linear and convolutional layers, and nothing else: not the biases, which have one axis,
    /// and not the scales of a normalization, which have one too.
    ///
    /// The plan must be told by ``Plan/parametersDidChange()`` afterwards.
    public func scaleMatrices(by factor: Float) {
        for slot in slots where slot.declaration.role == .weight && slot.declaration.extents.count >= 2 {
            lw_scale(allValues.baseAddress?.advanced(by: slot.offset), slot.declaration.count, factor)
        }
    }
}

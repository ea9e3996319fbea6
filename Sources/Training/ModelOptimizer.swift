import Neural

/// Adam or AdamW over the networks of a model, with clipping and an average of the weights.
final class ModelOptimizer {
    private static let beta1: Float = 0.9
    private static let beta2: Float = 0.999
    private static let epsilon: Float = 1e-8

    private let plans: [Plan]
    private let settings: Optimization
    private let states: [OptimizerState]
    private let averages: [WeightAverage]
    /// How many steps were taken.
    private(set) var updates = 0

    init(_ plans: [Plan], settings: Optimization) {
        self.plans = plans
        self.settings = settings
        states = plans.map { OptimizerState($0) }
        averages = settings.averaging == nil ? [] : plans.map { WeightAverage($0) }
    }

    /// The Euclidean norm of the gradient, all parameters together.
    var gradientNorm: Double { plans.reduce(0) { $0 + $1.parameters.gradientSquares }.squareRoot() }

    /// One step down the gradients that the plans hold.
    ///
    /// - Parameter gradientNorm: their norm, for clipping.
    func update(learningRate: Double, gradientNorm: Double) {
        updates += 1
        clip(gradientNorm)
        let first = 1 - power(ModelOptimizer.beta1, updates)
        let root = (1 - power(ModelOptimizer.beta2, updates)).squareRoot()
        for (plan, state) in zip(plans, states) {
            if settings.optimizer.weightDecay > 0 {
                plan.parameters.scaleMatrices(by: Float(1 - learningRate * settings.optimizer.weightDecay))
            }
            // m̂ / (√v̂ + ε) with the bias corrections drawn out of the loop.
            state.update(
                rate: Float(learningRate) * Float(root) / Float(first), beta1: ModelOptimizer.beta1,
                beta2: ModelOptimizer.beta2, epsilon: ModelOptimizer.epsilon * Float(root))
        }
        average()
    }

    private func clip(_ norm: Double) {
        guard let limit = settings.gradientClip, norm > limit else { return }
        for plan in plans { plan.parameters.scaleGradients(by: Float(limit / norm)) }
    }

    /// Early in a run the average forgets faster, so that it isn't made of the first random weights.
    private func average() {
        guard let decay = settings.averaging else { return }
        let early = Double(1 + updates) / Double(10 + updates)
        for average in averages { average.update(share: Float(1 - min(decay, early))) }
    }

    private func power(_ base: Float, _ exponent: Int) -> Double {
        var (result, factor, left) = (1.0, Double(base), exponent)
        while left > 0 {
            if left & 1 == 1 { result *= factor }
            factor *= factor
            left >>= 1
        }
        return result
    }

    // MARK: State

    /// The averaged tensors in PyTorch's layout; nil where nothing is averaged.
    var averagedTensors: [String: Tensor]? {
        averages.isEmpty ? nil : averages.reduce(into: [:]) { $0.merge($1.tensors) { first, _ in first } }
    }

    var moments: OptimizerMoments {
        OptimizerMoments(
            updates: updates,
            first: states.reduce(into: [:]) { $0.merge($1.firstMoments) { first, _ in first } },
            second: states.reduce(into: [:]) { $0.merge($1.secondMoments) { first, _ in first } })
    }

    /// - Precondition: all tensors are there with their shapes.
    func restore(_ moments: OptimizerMoments, average: [String: Tensor]?) {
        updates = moments.updates
        for state in states { state.load(firstMoments: moments.first, secondMoments: moments.second) }
        if let average { for target in averages { target.load(average) } }
    }
}

/// What Adam remembers, in PyTorch's layout: a permutation, so that not a bit is lost.
public struct OptimizerMoments: Hashable, Sendable {
    /// How many steps were taken.
    public var updates: Int
    /// The running mean of each learned tensor's gradient, by the tensor's name.
    public var first: [String: Tensor]
    /// The running mean of its square.
    public var second: [String: Tensor]

    public init(updates: Int, first: [String: Tensor], second: [String: Tensor]) {
        self.updates = updates
        self.first = first
        self.second = second
    }
}

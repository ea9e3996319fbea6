import CKernels

/// An exponential moving average of everything that a plan's network is made of, in the layout of its parameters.
///
/// Running statistics of batch normalization are averaged with the weights: they describe the activations that those
/// weights gave at the time, so that an average of weights has the statistics of the same average.
public final class WeightAverage {
    private let plan: Plan
    private let memory: Memory

    /// Begins at the plan's present values.
    public init(_ plan: Plan) {
        self.plan = plan
        memory = Memory(plan.parameters.allValues.count)
        update(share: 1)
    }

    /// average += share · (value − average).
    public func update(share: Float) {
        guard let values = plan.parameters.allValues.baseAddress else { return }
        guard share < 1 else {
            memory.pointer.update(from: values, count: memory.count)
            return
        }
        lw_approach(values, memory.pointer, memory.count, share)
    }

    /// The average in PyTorch's layout.
    public var tensors: [String: Tensor] { plan.parameters.tensors(in: memory) }

    /// - Precondition: all of the network's tensors are there with their shapes; others are passed over.
    public func load(_ tensors: [String: Tensor]) { plan.parameters.place(tensors, into: memory) }
}

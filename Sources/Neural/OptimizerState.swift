import CKernels

/// Adam's running means of the gradients and of their squares, in the layout of a plan's parameters.
public final class OptimizerState {
    private let first: Memory
    private let second: Memory

    public init(count: Int) {
        first = Memory(count)
        second = Memory(count)
    }

    /// m = β₁ m + (1 − β₁) g, v = β₂ v + (1 − β₂) g², parameter −= rate · m / (√v + ε).
    ///
    /// - Parameter rate: holds the learning rate and the corrections of the means' bias.
    public func update(_ plan: Plan, rate: Float, beta1: Float, beta2: Float, epsilon: Float) {
        let values = plan.parameters.values
        precondition(values.count == first.count && plan.parameters.gradients.count == first.count)
        if let parameters = values.baseAddress, let gradients = plan.parameters.gradients.baseAddress {
            lw_adam(parameters, gradients, first.pointer, second.pointer, values.count, rate, beta1, beta2, epsilon)
        }
        plan.parametersDidChange()
    }
}

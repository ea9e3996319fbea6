import Neural

/// Adam (Kingma & Ba 2015), with its state for one plan's parameters.
final class Adam {
    struct Settings: Hashable, Sendable {
        var beta1: Float = 0.9
        var beta2: Float = 0.999
        var epsilon: Float = 1e-8
    }

    private let settings: Settings
    private let state: OptimizerState
    private var step = 0

    init(parameterCount: Int, settings: Settings = Settings()) {
        self.settings = settings
        state = OptimizerState(count: parameterCount)
    }

    /// One step on the plan's parameters, by its gradients.
    func update(_ plan: Plan, learningRate: Float) {
        step += 1
        let first = 1 - power(settings.beta1, step)
        let second = 1 - power(settings.beta2, step)
        let root = Float(second.squareRoot())
        // m̂ / (√v̂ + ε) with the bias corrections drawn out of the loop.
        state.update(
            plan, rate: learningRate * root / Float(first), beta1: settings.beta1, beta2: settings.beta2,
            epsilon: settings.epsilon * root)
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
}

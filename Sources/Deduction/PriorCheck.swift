import Neural
import VAE

/// What a decoder gives for draws from the prior.
struct PriorCheck {
    private let outputs: [Float]

    init(_ model: Model) {
        let network = model.architecture.decoder
        let count = max(1, min(8, (1 << 20) / max(1, network.outputShapes[0].count)))
        let plan = model.decoderPlan(capacity: count, pool: WorkerPool(threads: 1))
        var generator = CounterGenerator(seed: 0, purpose: .evaluation, position: 0)
        let used = min(count, plan.capacity)
        generator.fillNormal(plan.input(), count: used * network.inputs[0].count)
        plan.forward(count: used)
        outputs = Array(UnsafeBufferPointer(start: plan.output(), count: used * network.outputShapes[0].count))
    }

    /// Whether more than a few values lie clearly outside of 0…1.
    var leavesUnitRange: Bool {
        let outside = outputs.count { !($0 >= -0.05 && $0 <= 1.05) }
        return outside * 50 > outputs.count
    }
}

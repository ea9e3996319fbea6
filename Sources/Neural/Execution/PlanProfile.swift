/// How long one stage of a plan takes.
public struct StageProfile: Sendable {
    public let name: String
    /// Seconds for the batch.
    public let forward: Double
    public let backward: Double
    /// Multiplications with an addition each for the batch, as this engine does them.
    public let forwardProducts: Int
    public let backwardProducts: Int
}

extension Plan {
    /// Times each stage by itself, on the values and gradients of the batch that went through last.
    ///
    /// Stages that run fused in a chain are timed apart here, so their sum is a little more than the whole.
    ///
    /// - Parameters:
    ///   - repeats: the shortest of so many times counts: what else the machine does only makes it longer.
    ///   - clock: seconds that a piece of work takes.
    /// Backward is only timed in a plan for training.
    public func profile(count: Int, repeats: Int, clock: (() -> Void) -> Double) -> [StageProfile] {
        precondition(count <= capacity)
        return steps.flatMap(\.alone).map { step, work in
            let forward = (0..<repeats).map { _ in clock { self.forward(step) } }.min()
            let backward = isTraining ? (0..<repeats).map { _ in clock { self.backward(step) } }.min() : 0
            return StageProfile(
                name: work.name, forward: forward ?? 0, backward: backward ?? 0, forwardProducts: count * work.forward,
                backwardProducts: count * work.backward)
        }
    }
}

extension Lowering.Step {
    /// Each stage as a step of its own.
    fileprivate var alone: [(Lowering.Step, StageWork)] {
        switch self {
        case .imagewise(let stages): stages.map { (.imagewise([$0]), $0.work) }
        case .batchwise(let stage): [(self, stage.work)]
        }
    }
}

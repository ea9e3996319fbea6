import Explorer
import Runs
import Synchronization

/// News between a run's thread and the screen's: bounded, whatever happens to the screen.
///
/// Of progress, phase, assessments and descriptions the newest is kept. Measurements are all kept until there are very many, as
/// when nothing was taken out for hours since the terminal is blocked; then every second one goes, but for validations.
final class RunMailbox: Sendable {
    private struct Waiting {
        var description: RunDescription?
        var measurements: [RunMeasurement] = []
        var progress: RunProgress?
        var assessment: RunAssessment?
        var kept: [KeptCheckpoint]?
        var warning: String?
        var phase: RunPhase?
        /// A stop was asked for: not forgotten where the end comes before anybody looked.
        var isStopping = false
    }

    private let waiting = Mutex(Waiting())
    private let limit: Int
    private let wake = Mutex<(@Sendable () -> Void)?>(nil)
    private let takeWeights = Mutex<(@Sendable (LiveWeights) -> Void)?>(nil)

    init(limit: Int = 20_000) { self.limit = limit }

    /// - Parameter wake: ends the screen's wait; called from the run's thread.
    func onNews(_ wake: @escaping @Sendable () -> Void) { self.wake.withLock { $0 = wake } }
    func onWeights(_ take: @escaping @Sendable (LiveWeights) -> Void) { takeWeights.withLock { $0 = take } }

    /// Has the screen look at once.
    func ring() { wake.withLock { $0 }?() }
    func deliver(_ weights: LiveWeights) { takeWeights.withLock { $0 }?(weights) }

    /// Points of a curve, as measurements.
    func post(_ points: [CurvePoint], of quantity: RunQuantity) {
        for point in points { post(.measured(RunMeasurement(step: point.step, values: [quantity: point.value]))) }
    }

    func post(_ news: RunNews) {
        waiting.withLock { waiting in
            switch news {
            case .described(let description), .began(let description): waiting.description = description
            case .measured(let measurement):
                waiting.measurements.append(measurement)
                if waiting.measurements.count > limit { Self.thin(&waiting.measurements) }
            case .progressed(let progress): waiting.progress = progress
            case .assessed(let assessment): waiting.assessment = assessment
            case .kept(let kept): waiting.kept = kept
            case .warned(let sentence): waiting.warning = sentence
            case .phase(.stopping): waiting.isStopping = true
            case .phase(let phase): waiting.phase = phase
            case .renewed, .pictures: break
            }
        }
    }

    private static func thin(_ measurements: inout [RunMeasurement]) {
        measurements = measurements.enumerated().filter { index, measurement in
            index.isMultiple(of: 2) || measurement.values[.validationNegativeELBO] != nil
        }.map(\.element)
    }

    /// Everything, the phase last: what a run did before it ended is known before its end.
    func take() -> [RunNews] {
        let taken = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting
        }
        return [taken.description.map(RunNews.described)].compactMap { $0 }
            + taken.measurements.map(RunNews.measured)
            + [
                taken.progress.map(RunNews.progressed), taken.assessment.map(RunNews.assessed),
                taken.kept.map(RunNews.kept), taken.warning.map(RunNews.warned),
                taken.isStopping ? .phase(.stopping) : nil, taken.phase.map(RunNews.phase),
            ].compactMap { $0 }
    }
}

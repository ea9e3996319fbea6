import Explorer
import Latent
import Pictures

/// Decodes points, and answers with their pictures in parts.
final class DecodingJob: Job {
    /// Between two answers: each makes a frame.
    private static let pause = Duration.milliseconds(40)

    private let points: [LatentPoint]
    /// The first point that is not decoded yet.
    private var next = 0
    /// Pictures that are not given out yet: those before `next`.
    private var pictures: [Picture] = []
    private var pace = Pace()
    private let clock = ContinuousClock()
    private var lastAnswer: ContinuousClock.Instant

    init(_ points: [LatentPoint]) {
        self.points = points
        lastAnswer = clock.now
    }

    var isDone: Bool { next == points.count }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        let part = points[next...].prefix(pace.count(limit: bench.engine.batch))
        let start = clock.now
        pictures += bench.engine.decode(part.flatMap(\.coordinates), count: part.count)
        pace.note(part.count, took: start.duration(to: clock.now), of: piece)
        next += part.count
        guard isDone || lastAnswer.duration(to: clock.now) >= Self.pause, !pictures.isEmpty else { return [] }
        defer {
            pictures = []
            lastAnswer = clock.now
        }
        return [.pictures(pictures, first: next - pictures.count)]
    }
}

import Explorer
import Latent
import Pictures

/// Decodes points, and answers with their pictures in parts.
final class DecodingJob: Job {
    private let points: [LatentPoint]
    /// The first point that is not decoded yet.
    private var next = 0
    private var pictures = Delivery<Picture>(every: .milliseconds(40))
    private var pace = Pace()
    private let clock = ContinuousClock()

    init(_ points: [LatentPoint]) { self.points = points }

    var isDone: Bool { next == points.count }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        let part = points[next...].prefix(pace.count(limit: bench.engine.batch))
        let start = clock.now
        pictures.add(bench.engine.decode(Array(part)))
        pace.note(part.count, took: start.duration(to: clock.now), of: piece)
        next += part.count
        return pictures.take(atEnd: isDone).map { [.pictures($0.items, first: $0.first)] } ?? []
    }
}

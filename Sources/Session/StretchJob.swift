import Explorer
import Geometry
import Latent

/// Finds how the decoder stretches a plane at some of its points, and answers in parts.
final class StretchJob: Job {
    private let points: [LatentPoint]
    private let directions: (LatentPoint, LatentPoint)
    /// The first point that is not done yet.
    private var next = 0
    private var stretches = Delivery<PlaneStretch>(every: .milliseconds(60))
    private var isRefused = false
    private var pace = Pace()
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - points: of a space of `latentCount` latents.
    ///   - plane: nil where there is one latent, along which all is measured.
    init(_ points: [LatentPoint], on plane: LatentPlane?, latentCount: Int) {
        // Points of a model that was open before are nobody's.
        let fits = (plane.map { $0.dimension == latentCount } ?? true) && points.allSatisfy { $0.count == latentCount }
        self.points = fits ? points : []
        let none = LatentPoint(Array(repeating: 0, count: latentCount))
        directions =
            plane.map { (LatentPoint($0.across), LatentPoint($0.up)) }
            ?? (LatentPoint(Array(repeating: 1, count: latentCount)), none)
    }

    var isDone: Bool { isRefused || next == points.count }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        let part = Array(points[next...].prefix(pace.count(limit: bench.engine.batch)))
        let start = clock.now
        guard
            let metrics = try? bench.engine.space(of: part.first?.label)?.planeMetrics(
                at: part, along: directions.0, directions.1)
        else {
            isRefused = true
            return [.stretches([], first: 0)]
        }
        stretches.add(metrics.map(PlaneStretch.init))
        pace.note(part.count, took: start.duration(to: clock.now), of: piece)
        next += part.count
        return stretches.take(atEnd: isDone).map { [.stretches($0.items, first: $0.first)] } ?? []
    }
}

extension PlaneStretch {
    init(_ metric: PlaneMetric) {
        let stretch = metric.stretch
        self.init(
            direction: SIMD2<Float>(stretch.direction), along: Float(stretch.along), across: Float(stretch.across))
    }
}

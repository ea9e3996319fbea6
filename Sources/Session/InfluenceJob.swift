import Explorer
import Latent
import Pictures

/// Finds how far each latent changes the picture of the prior's mean.
final class InfluenceJob: Job {
    /// How far each latent goes: about as far as a draw from the prior.
    private static let reach: Float = 1.5

    private let latentCount: Int
    private var mean: Picture?
    private var found: [Float] = []
    private var pace = Pace()
    private let clock = ContinuousClock()

    init(latentCount: Int) { self.latentCount = latentCount }

    var isDone: Bool { found.count == latentCount }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        guard let mean else {
            mean = bench.engine.decode([LatentPoint([Float](repeating: 0, count: latentCount))]).first
            return []
        }
        let start = clock.now
        let part = found.count..<min(latentCount, found.count + pace.count(limit: bench.engine.batch))
        let points = part.map { latent in
            var coordinates = [Float](repeating: 0, count: latentCount)
            coordinates[latent] = Self.reach
            return LatentPoint(coordinates)
        }
        found += bench.engine.decode(points).map { Float($0.distance(to: mean)) }
        pace.note(part.count, took: start.duration(to: clock.now), of: piece)
        return isDone ? [.influences(found)] : []
    }
}

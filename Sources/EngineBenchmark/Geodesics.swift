import Geometry
import Latent

extension EngineBenchmark {
    /// Searches geodesics between six pairs of points, one line for each: length, that of the straight path, unevenness of
    /// the steps, milliseconds in all and of the longest piece, pieces, decodes.
    func geodesics(rounds: Int, weighting: LatentMetric) throws {
        let space = try DecodedSpace(model, pool: pool)
        for (start, end) in pairs {
            var times: [Double] = []
            var longest: [Double] = []
            var (pieces, decodes) = (0, 0)
            var search = try GeodesicSearch(from: start, to: end, in: space, under: weighting)
            for _ in 0..<rounds {
                search = try GeodesicSearch(from: start, to: end, in: space, under: weighting)
                let before = space.decodes
                var parts: [Double] = []
                while !search.isFinished { parts.append(seconds { search.advance(in: space) }) }
                (pieces, decodes) = (parts.count, space.decodes - before)
                times.append(parts.reduce(0, +))
                longest.append(parts.max() ?? 0)
            }
            let straight = try LatentPath.straight(from: start, to: end, segments: 256)
            let fine = search.path.resampled(segments: 1024, steps: search.steps ?? [])
            let steps = search.steps ?? [1]
            let unevenness = ((steps.max() ?? 1) - (steps.min() ?? 1)) / ((search.length ?? 1) / Double(steps.count))
            answer(
                """
                length \(try space.length(of: fine, under: weighting)) straight \
                \(try space.length(of: straight, under: weighting)) uneven \(unevenness) \
                ms \(1e3 * median(times)) longest \(1e3 * median(longest)) pieces \(pieces) decodes \(decodes)
                """)
        }
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    /// Six pairs of points: in a plane those of the tests' reference, else some points of the prior's bulk.
    private var pairs: [(LatentPoint, LatentPoint)] {
        guard model.architecture.latentSize == 2 else {
            var generator = SeededGenerator(seed: 1)
            func draw() -> LatentPoint {
                LatentPoint.prior(dimension: model.architecture.latentSize, using: &generator)
            }
            return (0..<6).map { _ in (draw(), draw()) }
        }
        let ends: [(Float, Float, Float, Float)] = [
            (-1.2, 0.35, 1.1, 0.6), (0.2, -1.6, 0.4, 1.5), (-0.4, 0.1, 0.3, 0.5), (1.8, -0.9, -0.9, 1.4),
            (-1.7, -1.1, 1.3, -1.5), (0.1, 2.2, 2.1, 0.2),
        ]
        return ends.map { (LatentPoint($0.0, $0.1), LatentPoint($0.2, $0.3)) }
    }
}

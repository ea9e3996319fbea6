import Foundation
import Geometry
import Latent

extension EngineBenchmark {
    /// Searches the geodesics of the tests' fixture, or between six points of the prior's bulk where a model has not two
    /// latents, one line for each.
    ///
    /// A line names metric, ends, and whether there was an atlas; the length beside the reference's, where it is of this model,
    /// and beside the straight path's; how uneven its steps are, and those of a film of 24 frames; milliseconds in all and of
    /// the longest piece; decodes.
    func geodesics(rounds: Int) throws {
        let space = DecodedSpace(model, pool: pool)
        let fixture = model.architecture.latentSize == 2 ? try GeodesicReferences.load() : nil
        var known: PlaneAtlas?
        for name in ["plain", "density", "fisher"] {
            guard let metric = fixture?.metric(name) ?? (name == "density" ? nil : name == "plain" ? .plain : .fisher)
            else { continue }
            let atlas = atlas(known, in: space, under: metric)
            known = atlas
            for pair in fixture?.pairs.filter({ $0.metric == name }) ?? randomPairs(name) {
                for atlas in atlas.map({ [$0, nil] }) ?? [nil] {
                    let search = try timed(pair, in: space, under: metric, atlas: atlas, rounds: rounds)
                    answer("\(name) \(pair.from) \(pair.to) \(atlas == nil ? "alone" : "atlas") \(search)")
                }
            }
        }
    }

    /// - Parameter known: of another metric; taken if it is of the same weighting.
    private func atlas(_ known: PlaneAtlas?, in space: DecodedSpace, under metric: LatentMetric) -> PlaneAtlas? {
        let shared = known?.weighting == metric.weighting ? known : nil
        guard var atlas = shared ?? PlaneAtlas(of: space, weighting: metric.weighting) else { return nil }
        var times: [Double] = []
        let before = space.decodes
        var usable = 0.0
        while !atlas.isComplete(under: metric) {
            times.append(seconds { atlas.advance(in: space, under: metric) })
            if !atlas.isUsable(under: metric) { usable = times.reduce(0, +) }
        }
        answer(
            """
            atlas ms \(milliseconds(times.reduce(0, +))) usable after \(milliseconds(usable)) \
            longest \(milliseconds(times.max() ?? 0)) decodes \(space.decodes - before)
            """)
        return atlas
    }

    private func timed(
        _ pair: GeodesicReferences.Pair, in space: DecodedSpace, under metric: LatentMetric, atlas: PlaneAtlas?,
        rounds: Int
    ) throws -> String {
        let (start, end) = (LatentPoint(pair.from), LatentPoint(pair.to))
        var times: [Double] = []
        var longest: [Double] = []
        var decodes = 0
        var search = try GeodesicSearch(from: start, to: end, in: space, under: metric, atlas: atlas)
        for _ in 0..<rounds {
            let before = space.decodes
            var parts: [Double] = []
            search = try GeodesicSearch(from: start, to: end, in: space, under: metric, atlas: atlas)
            while !search.isFinished { parts.append(seconds { search.advance(in: space) }) }
            decodes = space.decodes - before
            times.append(parts.reduce(0, +))
            longest.append(parts.max() ?? 0)
        }
        let steps = search.steps ?? [1]
        let fine = search.path.resampled(segments: 20 * search.path.segments, steps: steps)
        let length = try space.length(of: fine, under: metric)
        let film = try space.steps(of: space.evenFrames(of: search.path, count: 24))
        let straight = try space.length(of: .straight(from: start, to: end, segments: 960), under: metric)
        // Of another model's there is nothing to compare with.
        let isSame = abs(straight - pair.straight) < 1e-3 * straight
        let reference =
            isSame ? " reference \(rounded(pair.geodesic)) (\(rounded(100 * (length / pair.geodesic - 1))) %)" : ""
        return """
            length \(rounded(length))\(reference) straight \(rounded(straight)) uneven \(percent(steps)) film \(percent(film)) \
            ms \(milliseconds(median(times))) longest \(milliseconds(median(longest))) decodes \(decodes)
            """
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    /// By how much of their mean the longest and the shortest step differ.
    private func percent(_ steps: [Double]) -> String {
        let mean = steps.reduce(0, +) / Double(steps.count)
        return rounded(100 * ((steps.max() ?? 0) - (steps.min() ?? 0)) / mean) + " %"
    }

    private func rounded(_ value: Double) -> String { String(format: "%.2f", value) }
    func milliseconds(_ seconds: Double) -> String { String(format: "%.1f", 1e3 * seconds) }

    private func randomPairs(_ metric: String) -> [GeodesicReferences.Pair] {
        var generator = SeededGenerator(seed: 1)
        func draw() -> [Float] {
            LatentPoint.prior(dimension: model.architecture.latentSize, using: &generator).coordinates
        }
        return (0..<6).map { _ in
            GeodesicReferences.Pair(from: draw(), to: draw(), metric: metric, straight: 0, geodesic: 0)
        }
    }
}

/// The tests' fixture, as far as it is wanted here.
struct GeodesicReferences: Decodable {
    struct Pair: Decodable {
        let from: [Float]
        let to: [Float]
        let metric: String
        let straight: Double
        let geodesic: Double
    }

    struct Density: Decodable {
        let codes: [[Float]]
        let bandwidth: Float
        let floor: Double
    }

    let density: Density
    let pairs: [Pair]

    /// Nil where the working folder isn't the repository's.
    static func load() throws -> GeodesicReferences? {
        let file = "Tests/GeometryTests/Fixtures/geodesics.json"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        return try JSONDecoder().decode(GeodesicReferences.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }

    func metric(_ name: String) -> LatentMetric? {
        switch name {
        case "plain": .plain
        case "fisher": .fisher
        default:
            LatentDensity(
                codes: density.codes.flatMap { $0 }, dimension: 2, bandwidth: density.bandwidth, floor: density.floor
            ).map { .densityAware($0) }
        }
    }
}

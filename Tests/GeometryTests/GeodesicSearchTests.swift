import Foundation
import Latent
import Neural
import Testing
import VAE

@testable import Geometry

@Suite("Geodesics")
struct GeodesicSearchTests {
    private func found(
        _ start: LatentPoint, _ end: LatentPoint, in space: DecodedSpace, under metric: LatentMetric = .plain,
        atlas: PlaneAtlas? = nil
    ) throws -> GeodesicSearch {
        var search = try GeodesicSearch(from: start, to: end, in: space, under: metric, atlas: atlas)
        var pieces = 0
        var progress = 0.0
        while !search.isFinished {
            search.advance(in: space)
            #expect((progress...1).contains(search.progress), "progress never goes back")
            progress = search.progress
            pieces += 1
            if pieces == 20_000 { break }
        }
        #expect(search.isFinished && search.progress == 1, "a search ends")
        #expect(search.path.start == start && search.path.end == end)
        return search
    }

    /// By how much of their mean the longest and the shortest step differ.
    private func unevenness(_ search: GeodesicSearch) throws -> Double { unevenness(try #require(search.steps)) }

    private func unevenness(_ steps: [Double]) -> Double {
        ((steps.max() ?? 0) - (steps.min() ?? 0)) * Double(steps.count) / steps.reduce(0, +)
    }

    @Test(
        "With the shipped model and an atlas no longer than a hundredth more than PyTorch's, its film flat within a twentieth",
        arguments: ["plain", "fisher", "density"])
    func reference(name: String) throws {
        let space = try SmallSpaces.space(SmallSpaces.shipped())
        let fixture = try GeodesicFixture.load()
        let metric = try #require(fixture.metric(name))
        var atlas = try #require(PlaneAtlas(of: space, weighting: metric.weighting))
        while !atlas.isComplete(under: metric) { atlas.advance(in: space, under: metric) }
        let pairs = fixture.pairs.filter { $0.metric == name }
        #expect(pairs.count >= 6)
        for pair in pairs {
            let before = space.decodes
            let search = try found(
                LatentPoint(pair.from), LatentPoint(pair.to), in: space, under: metric, atlas: atlas)
            #expect(space.decodes - before <= 2700)
            let fine = search.path.resampled(segments: 20 * search.path.segments, steps: try #require(search.steps))
            let length = try space.length(of: fine, under: metric)
            #expect(length < 1.01 * pair.geodesic && length < pair.straight, "\(pair.from) to \(pair.to)")
            // A film of it changes evenly for the eye, however many frames it has.
            for frames in [24, 60] {
                let film = try space.evenFrames(of: search.path, count: frames)
                #expect(unevenness(try space.steps(of: film)) < 0.05, "\(frames) frames, \(pair.from) to \(pair.to)")
            }
        }
    }

    @Test("A linear decoder's geodesics are straight", arguments: [1, 2, 8])
    func linear(latents: Int) throws {
        let space = try SmallSpaces.space(SmallSpaces.linear(latents: latents))
        let start = LatentPoint((0..<latents).map { Float($0) * 0.3 - 1 })
        let end = LatentPoint((0..<latents).map { Float($0 % 3) - 0.2 })
        let search = try found(start, end, in: space)
        let line = try LatentPath.straight(from: start, to: end, segments: search.path.segments)
        #expect(zip(search.path.points, line.points).allSatisfy { $0.distance(to: $1) < 0.02 })
        let direct = try space.length(of: LatentPath([start, end]))
        #expect(abs(try #require(search.length) - direct) < 1e-3 * direct)
    }

    @Test("Where the image is (tanh z₀, tanh z₁) the geodesic is a straight line of images")
    func separable() throws {
        let space = try SmallSpaces.space(SmallSpaces.separable(.tanh, .gaussian()))
        let (start, end) = (LatentPoint(-1.5, -0.2), LatentPoint(1.2, 1.5))
        let search = try found(start, end, in: space)
        let (a, b) = ((tanh(-1.5), tanh(-0.2)), (tanh(1.2), tanh(1.5)))
        let length = hypot(b.0 - a.0, b.1 - a.1)
        #expect(abs(try #require(search.length) - length) < 2e-3 * length)
        for point in search.path.points {
            // The distance of the image from the line.
            let (x, y) = (tanh(Double(point[0])) - a.0, tanh(Double(point[1])) - a.1)
            #expect(abs(x * (b.1 - a.1) - y * (b.0 - a.0)) / length < 0.02)
        }
        #expect(try unevenness(search) < 0.05)
    }

    @Test("By Fisher's metric Bernoulli pixels lie at the angles 2 arcsin √p")
    func fisher() throws {
        let space = try SmallSpaces.space(SmallSpaces.separable(.sigmoid, .bernoulli))
        let search = try found(LatentPoint(-3, -1), LatentPoint(2, 4), in: space, under: .fisher)
        func angle(_ logit: Double) -> Double { 2 * asin((1 / (1 + exp(-logit))).squareRoot()) }
        let length = hypot(angle(2) - angle(-3), angle(4) - angle(-1))
        #expect(abs(try #require(search.length) - length) < 2e-3 * length)
    }

    @Test("Of more latents it is shorter than the straight path, in equal steps", arguments: [1, 3, 8])
    func curved(latents: Int) throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: latents))
        let start = LatentPoint((0..<latents).map { $0 % 2 == 0 ? -1.5 : 1 })
        let end = LatentPoint((0..<latents).map { $0 % 3 == 0 ? 1.5 : -1 })
        let search = try found(start, end, in: space)
        let straight = try space.length(of: LatentPath.straight(from: start, to: end, segments: 400))
        #expect(try #require(search.length) < (latents == 1 ? 1.001 : 0.999) * straight)
        #expect(try unevenness(search) < 0.05)
    }

    @Test("A path goes around what has no data")
    func densityAware() throws {
        let space = try SmallSpaces.space(SmallSpaces.linear(latents: 2))
        // Data on a half circle around the origin.
        let codes = (0..<200).flatMap { index -> [Float] in
            let angle = Float(index) / 199 * .pi
            return [1.5 * cosf(angle), 1.5 * sinf(angle)]
        }
        let density = try #require(LatentDensity(codes: codes, dimension: 2, bandwidth: 0.2))
        let metric = LatentMetric.densityAware(density)
        let (start, end) = (LatentPoint(1.5, 0), LatentPoint(-1.5, 0))
        let search = try found(start, end, in: space, under: metric)
        let straight = try LatentPath.straight(from: start, to: end, segments: 200)
        #expect(try #require(search.length) < 0.7 * space.length(of: straight, under: metric))
        #expect((search.path.points.map { $0[1] }.max() ?? 0) > 1)
        #expect(try unevenness(search) < 0.05)
    }

    @Test("The gradient of a curve's energy is what differences come to")
    func gradient() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let codes = (0..<60).map { Float($0 * 7919 % 601) / 200 - 1.5 }
        let metric = LatentMetric.densityAware(try #require(LatentDensity(codes: codes, dimension: 2, bandwidth: 0.5)))
        let coordinates: [Float] = [-1, 0, -0.4, 0.3, 0.1, -0.2, 0.8, 0.5, 1, 1]
        let values = CurveValues(coordinates, in: space, under: metric)
        var slopes = CurveSlopes(inner: 3, space: space)
        while !slopes.isComplete { slopes.advance(values, in: space, under: metric, decodes: 6) }
        for index in 0..<6 {
            func energy(_ step: Float) -> Double {
                var moved = coordinates
                moved[2 + index] += step
                return CurveValues(moved, in: space, under: metric).energy
            }
            let difference = (energy(0.01) - energy(-0.01)) / 0.02
            #expect(abs(slopes.gradient[index] - difference) < 1e-2 * abs(difference) + 0.02)
        }
        #expect(slopes.gradient.contains { abs($0) > 0.2 })
    }

    @Test("Tangents that don't fit together come a few at a time, and are the same")
    func apart() throws {
        let pixels = 1 << 21
        let model = try SmallSpaces.linear(latents: 3, pixels: pixels)
        let space = try SmallSpaces.space(model)
        #expect(space.directionsAtOnce < 3)
        let weights = try #require(model.tensors["decoder.0.weight"]).values
        let coordinates: [Float] = [0, 0, 0, 0.5, 0.2, 0, 1, 1, 1]
        let values = CurveValues(coordinates, in: space, under: .plain)
        var slopes = CurveSlopes(inner: 1, space: space)
        var shares: [Double] = []
        while !slopes.isComplete {
            let before = space.decodes
            slopes.advance(values, in: space, under: .plain, decodes: 2)
            #expect(space.decodes - before == 2)
            shares.append(slopes.progress)
        }
        #expect(isClose(shares, [1.0 / 3, 2.0 / 3, 1], within: 1e-9))
        // Two segments of weight 1: H = 2 · 2 · (1 + 1) WᵀW.
        for (row, column) in [(0, 0), (0, 1), (1, 2), (2, 2)] {
            let product = (0..<pixels).reduce(0.0) {
                $0 + Double(weights[3 * $1 + row]) * Double(weights[3 * $1 + column])
            }
            #expect(abs(slopes.curvature.diagonal[3 * row + column] - 8 * product) < 1e-2 * Double(pixels))
        }
    }

    @Test("A search in small pieces finds the same, and its progress moves within a step and never goes back")
    func smallPieces() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 3))
        let (start, end) = (LatentPoint([-2, -1, 0]), LatentPoint([2, 1.5, 0.5]))
        let whole = try found(start, end, in: space)
        var search = try GeodesicSearch(from: start, to: end, in: space)
        var shares: [Double] = []
        while !search.isFinished {
            search.advance(in: space, decodes: 1)
            if search.progress != shares.last { shares.append(search.progress) }
        }
        #expect(shares == shares.sorted() && shares.filter { $0 < 0.5 / 24 }.count > 20)
        for (one, other) in zip(search.path.points, whole.path.points) { #expect(one.distance(to: other) < 1e-2) }
    }

    @Test("The energy never rises, and no piece takes more than 64 decodes")
    func pieces() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let line = try LatentPath.straight(from: LatentPoint(-2, -1), to: LatentPoint(2, 1.5), segments: 40)
        var curve = CurveRefinement(
            CurveValues(of: line.coordinates, in: space), in: space, under: .plain, tolerance: 1e-5, mostSteps: 50)
        var energy = Double.infinity
        while !curve.isFinished {
            let before = space.decodes
            curve.advance(in: space, budget: 48)
            #expect(space.decodes - before <= 48)
            guard let segments = curve.segments else { continue }
            let next = segments.reduce(0) { $0 + $1 * $1 }
            #expect(next <= energy)
            energy = next
        }
        #expect(curve.steps > 1)
        var search = try GeodesicSearch(from: line.start, to: line.end, in: space)
        while !search.isFinished {
            let before = space.decodes
            search.advance(in: space)
            #expect(space.decodes - before <= 64)
        }
    }

    @Test("Between equal ends there is nothing to search, and ends that are no points are refused")
    func ends() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let here = LatentPoint(0.5, -0.5)
        let search = try GeodesicSearch(from: here, to: here, in: space)
        #expect(search.isFinished && search.length == 0 && search.path.points.allSatisfy { $0 == here })
        #expect(throws: GeometryError.notFinite) {
            try GeodesicSearch(from: here, to: LatentPoint(0, .nan), in: space)
        }
        #expect(throws: GeometryError.wrongDimension(found: 3, expected: 2)) {
            try GeodesicSearch(from: here, to: LatentPoint([0, 0, 0]), in: space)
        }
        // A piece too many does nothing.
        var finished = search
        finished.advance(in: space)
        #expect(finished.path == search.path)
    }

    @Test("Two searches for the same find the same")
    func repeats() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let first = try found(LatentPoint(-1, 0.3), LatentPoint(1, 0.8), in: space)
        let second = try found(LatentPoint(-1, 0.3), LatentPoint(1, 0.8), in: space)
        #expect(first.path == second.path)
    }
}

import Foundation
import Latent
import Testing

@testable import Geometry

@Suite("Paths")
struct LatentPathTests {
    @Test("A straight path goes in equal steps from end to end")
    func straight() throws {
        let path = try LatentPath.straight(from: LatentPoint([1, 0, -1]), to: LatentPoint([2, 4, 3]), segments: 4)
        #expect(path.points.count == 5 && path.segments == 4 && path.dimension == 3)
        #expect(path.start == LatentPoint([1, 0, -1]) && path.end == LatentPoint([2, 4, 3]))
        #expect(path.points[1] == LatentPoint([1.25, 1, 0]))
        #expect(path.point(at: 0.125) == LatentPoint([1.125, 0.5, -0.5]))
        #expect(path.point(at: 7) == path.end && path.point(at: -1) == path.start)
    }

    @Test("A spherical path keeps to the great circle, and its norm grows evenly")
    func spherical() throws {
        let path = try LatentPath.spherical(from: LatentPoint(2, 0), to: LatentPoint(0, 4), segments: 8)
        for (index, point) in path.points.enumerated() {
            let t = Float(index) / 8
            let (norm, angle) = (2 + 2 * t, t * .pi / 2)
            #expect(point.distance(to: LatentPoint(norm * cosf(angle), norm * sinf(angle))) < 1e-5)
        }
        #expect(path.end == LatentPoint(0, 4))
    }

    @Test(
        "Without a great circle to follow a spherical path is straight",
        arguments: [
            (LatentPoint(0, 0), LatentPoint(1, 2)), (LatentPoint(1, 2), LatentPoint(0, 0)),
            (LatentPoint(1, 1), LatentPoint(-2, -2)), (LatentPoint(1, 1), LatentPoint(3, 3)),
            (LatentPoint(1, 1), LatentPoint(1, 1)),
        ])
    func withoutCircle(start: LatentPoint, end: LatentPoint) throws {
        let path = try LatentPath.spherical(from: start, to: end, segments: 5)
        let line = try LatentPath.straight(from: start, to: end, segments: 5)
        #expect(zip(path.points, line.points).allSatisfy { $0.distance(to: $1) < 1e-5 })
    }

    @Test("Of points that are no path none is made")
    func refusals() throws {
        #expect(throws: GeometryError.tooFewPoints(1)) { try LatentPath([LatentPoint(0, 0)]) }
        #expect(throws: GeometryError.wrongDimension(found: 3, expected: 2)) {
            try LatentPath.straight(from: LatentPoint(0, 0), to: LatentPoint([1, 2, 3]), segments: 3)
        }
        #expect(throws: GeometryError.notFinite) {
            try LatentPath.spherical(from: LatentPoint(0, .infinity), to: LatentPoint(1, 2), segments: 3)
        }
        #expect(try LatentPath.straight(from: LatentPoint(0, 0), to: LatentPoint(1, 0), segments: 0).segments == 1)
    }

    @Test("A path cut anew has its points at equal distances on the same polyline")
    func resampled() throws {
        let corner = try LatentPath([LatentPoint(0, 0), LatentPoint(3, 0), LatentPoint(3, 1)])
        let even = corner.resampled(segments: 4)
        #expect(even.points == [0, 1, 2, 3].map { LatentPoint($0, 0) } + [LatentPoint(3, 1)])
        let byLengths = corner.resampled(segments: 4, steps: [1, 3])
        #expect(byLengths.points[1] == LatentPoint(3, 0))
        #expect(byLengths.points[2].distance(to: LatentPoint(3, 1.0 / 3)) < 1e-6)
        let still = corner.resampled(segments: 2, steps: [0, 0])
        #expect(still.points == [LatentPoint(0, 0), LatentPoint(3, 0), LatentPoint(3, 1)])
    }

    @Test("A path's steps are the distances of its images, and its spherical and straight lengths PyTorch's")
    func lengths() throws {
        let space = try SmallSpaces.space(SmallSpaces.shipped())
        let fixture = try GeodesicFixture.load()
        for pair in fixture.pairs where pair.metric == "plain" || pair.from == [0.2, -1.6] {
            let metric = try #require(fixture.metric(pair.metric))
            let (start, end) = (LatentPoint(pair.from), LatentPoint(pair.to))
            let straight = try LatentPath.straight(from: start, to: end, segments: 960)
            let spherical = try LatentPath.spherical(from: start, to: end, segments: 960)
            #expect(abs(try space.length(of: straight, under: metric) - pair.straight) < 2e-3 * pair.straight)
            #expect(abs(try space.length(of: spherical, under: metric) - pair.spherical) < 2e-3 * pair.spherical)
        }
        let separable = try SmallSpaces.space(SmallSpaces.separable(.tanh, .gaussian()))
        let path = try LatentPath([LatentPoint(0, 0), LatentPoint(1, 0), LatentPoint(1, -2)])
        let steps = try separable.steps(of: path)
        #expect(isClose(steps, [tanh(1), tanh(2)], within: 1e-6))
        #expect(throws: GeometryError.wrongDimension(found: 2, expected: 3)) {
            try SmallSpaces.space(SmallSpaces.curved(latents: 3)).steps(of: path)
        }
    }
}

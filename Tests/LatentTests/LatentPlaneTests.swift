import Latent
import Testing

@Suite("Planes through a latent space")
struct LatentPlaneTests {
    private let base = LatentPoint([0.1, -0.2, 0.3, 0.4])

    @Test("On a plane of latents a place is two coordinates of the point, to the bit, and the others stay")
    func latents() {
        let plane = LatentPlane(latents: 3, 1, dimension: 4)
        #expect(plane.coordinates(of: base) == LatentPoint(0.4, -0.2))
        let moved = plane.point(LatentPoint(1.7, 0.333_333), through: base)
        #expect(moved == LatentPoint([0.1, 0.333_333, 0.3, 1.7]))
    }

    @Test("Directions are brought to a right angle; places and points are each other's inverse")
    func oblique() throws {
        let plane = try #require(LatentPlane((.principal(0), [2, 2, 0, 0]), (.latent(1), [0, 1, 0, 0])))
        let place = LatentPoint(0.7, -1.1)
        let point = plane.point(place, through: base)
        let back = plane.coordinates(of: point)
        #expect(back.distance(to: place) < 1e-6)
        #expect(point[2] == base[2] && point[3] == base[3])
        // One unit on the plane is one in space.
        let beside = plane.point(LatentPoint(0.7, -0.1), through: base)
        #expect(abs(beside.distance(to: point) - 1) < 1e-6)
    }

    @Test("Two directions that are one make no plane")
    func degenerate() {
        #expect(LatentPlane((.latent(0), [1, 0]), (.principal(0), [-3, 0])) == nil)
        #expect(LatentPlane((.latent(0), [1, 0]), (.principal(0), [0, 0])) == nil)
        #expect(LatentPlane((.latent(0), [1, 0]), (.principal(0), [.nan, 1])) == nil)
    }

    @Test("Codes are seen on it with their deviations along its directions")
    func codes() throws {
        let cloud = LatentCloud(
            name: "", dimension: 3, means: [1, 0, 0, 0, 2, 5], deviations: [0.3, 0.4, 9, 0.3, 0.4, 9],
            labels: [4, 7])
        let plane = try #require(LatentPlane((.principal(0), [1, 1, 0]), (.principal(1), [1, -1, 0])))
        let codes = plane.codes(of: cloud)
        let half = Float(0.5).squareRoot()
        for (value, expected) in zip(codes.means, [half, half, 2 * half, -2 * half]) {
            #expect(abs(value - expected) < 1e-6)
        }
        for value in try #require(codes.deviations) { #expect(abs(value - 0.353_553) < 1e-5) }
        #expect(codes.labels == [4, 7])
    }

    @Test("Principal directions are those along which points vary most, whatever their order, signs settled")
    func principal() {
        var generator = SeededGenerator(seed: 3)
        let (long, short) = (LatentPoint([0.6, 0, -0.8]), LatentPoint([0.8, 0, 0.6]))
        let points = (0..<4000).flatMap { _ -> [Float] in
            let (a, b, c) = (3 * generator.nextNormal(), generator.nextNormal(), 0.1 * generator.nextNormal())
            return [a * long[0] + b * short[0], c + 5, a * long[2] + b * short[2]]
        }
        let found = principalDirections(of: points + [.nan, 0, 0], dimension: 3)
        #expect(zip(found[0].direction, [-0.6, 0, 0.8]).allSatisfy { abs($0 - $1) < 0.02 })
        #expect(zip(found[1].direction, [0.8, 0, 0.6]).allSatisfy { abs($0 - $1) < 0.02 })
        #expect(zip(found.map(\.variance), [9, 1, 0.01]).allSatisfy { abs($0 / $1 - 1) < 0.1 })
    }
}

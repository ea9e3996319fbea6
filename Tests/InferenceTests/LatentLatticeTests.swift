import Testing

@testable import Inference

@Suite("Latent lattice")
struct LatentLatticeTests {
    @Test("A disc's points are as many as asked for, evenly apart, around the origin, within the radius")
    func disc() throws {
        let lattice = try #require(LatentLattice(count: 1000, latentSize: 2))
        #expect(lattice.count == 1000 && lattice.points.count == 2000)
        let points = (0..<1000).map { SIMD2(Double(lattice.points[2 * $0]), Double(lattice.points[2 * $0 + 1])) }
        #expect(points[0] == .zero)
        let lengths = points.map { ($0 * $0).sum().squareRoot() }
        #expect(zip(lengths, lengths.dropFirst()).allSatisfy { $0 < $1 + 1e-6 })
        #expect(abs(lengths[999] / LatentLattice.radius - 1) < 0.02)
        // Each of the points in the middle has six nearest neighbors.
        let spacing = (2 * Double.pi / (3.0.squareRoot() * 1000)).squareRoot() * LatentLattice.radius
        for point in points.prefix(700) {
            let near = points.filter { other in
                let step = other - point
                return (step * step).sum().squareRoot() < 1.2 * spacing
            }
            #expect(near.count == 7)
        }
    }

    @Test("A segment's points are evenly apart and symmetric")
    func segment() throws {
        let lattice = try #require(LatentLattice(count: 3, latentSize: 1))
        #expect(lattice.points == [-2.2, 0, 2.2])
    }

    @Test("There is none for more latents, or without points")
    func none() {
        #expect(LatentLattice(count: 9, latentSize: 3) == nil)
        #expect(LatentLattice(count: 0, latentSize: 2) == nil)
    }
}

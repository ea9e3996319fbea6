import Testing

@testable import Latent

@Suite("Many latents")
struct ManyLatentsTests {
    /// Codes of 300 latents that vary along two directions far more than along all others.
    private static let codes: (points: [Float], directions: [[Float]]) = {
        var generator = SeededGenerator(seed: 4)
        let directions = (0..<2).map { side in (0..<300).map { $0 % 2 == side ? Float(1) / 150 * 12.2474 : 0 } }
        let points = (0..<400).flatMap { _ -> [Float] in
            let (long, short) = (5 * generator.nextNormal(), 2 * generator.nextNormal())
            return (0..<300).map { axis in
                1 + long * directions[0][axis] + short * directions[1][axis] + 0.1 * generator.nextNormal()
            }
        }
        return (points, directions)
    }()

    @Test("The first principal directions are found without a covariance")
    func leading() {
        let found = leadingDirections(of: Self.codes.points + Array(repeating: .nan, count: 300), dimension: 300)
        #expect(found.count == 8)
        for (direction, expected) in zip(found, Self.codes.directions) {
            #expect(abs(dot(direction[...], expected[...])) > 0.999)
            #expect(abs(dot(direction[...], direction[...]) - 1) < 1e-4)
        }
        for other in found.dropFirst() { #expect(abs(dot(found[0][...], other[...])) < 1e-3) }
    }

    @Test("Codes that are one point have no direction, and nothing is made up")
    func none() {
        #expect(leadingDirections(of: Array(repeating: 2, count: 900), dimension: 300).isEmpty)
        #expect(leadingDirections(of: [], dimension: 300).isEmpty)
    }

    @Test("The nearest code, and those around, are those that a search through all finds")
    func neighbors() {
        let (points, dimension) = (Self.codes.points, 300)
        let tree = NeighborTree(points: points, dimension: dimension)
        for image in [0, 7, 399] {
            var place = LatentPoint(Array(points[image * dimension..<(image + 1) * dimension]))
            place[5] += 0.01
            let nearest = tree.nearest(to: place)
            #expect(nearest?.index == image && abs((nearest?.distance ?? 0) - 0.01) < 1e-4)
            let distances = (0..<400).map {
                LatentPoint(Array(points[$0 * dimension..<($0 + 1) * dimension])).distance(to: place)
            }
            let radius = distances.sorted()[20]
            var found: Set<Int> = []
            tree.forEachPoint(within: radius, of: place) { index, _ in found.insert(index) }
            #expect(found.isSubset(of: Set((0..<400).filter { distances[$0] <= radius * 1.0001 })))
            #expect(found.count >= 20)
        }
    }

    @Test("Quantiles of many codes come of some of them, spread over all")
    func columns() {
        let few = LatentColumns([Float](repeating: 0, count: 4_000), dimension: 2)
        #expect(few.step == 1)
        let many = LatentColumns((0..<8_000_000).map { Float($0 / 4000) }, dimension: 4_000)
        #expect(many.step == 2)
        #expect(many.finite(3999).count == 1_000 && many.finite(3999).last == 1_998)
    }
}

import Latent
import Testing

@Suite("Neighbor tree")
struct NeighborTreeTests {
    private func points(_ count: Int, dimension: Int, seed: UInt64 = 3) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count * dimension).map { _ in generator.nextNormal() }
    }

    @Test("The nearest point is the one that a search through all finds", arguments: [1, 2, 5])
    func nearest(dimension: Int) throws {
        let points = points(500, dimension: dimension)
        let tree = NeighborTree(points: points, dimension: dimension)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            let place = LatentPoint((0..<dimension).map { _ in 2 * generator.nextNormal() })
            let distances = (0..<500).map { index in
                LatentPoint(Array(points[index * dimension..<(index + 1) * dimension])).distance(to: place)
            }
            let best = try #require(distances.indices.min { distances[$0] < distances[$1] })
            let found = try #require(tree.nearest(to: place))
            #expect(found.index == best)
            #expect(abs(found.distance - distances[best]) < 1e-5)
        }
    }

    @Test("The nearest few are those that a search through all finds, in their order", arguments: [1, 3, 80])
    func nearestFew(dimension: Int) {
        let points = points(300, dimension: dimension)
        let tree = NeighborTree(points: points, dimension: dimension)
        let place = LatentPoint((0..<dimension).map { Float($0 % 3) / 3 })
        let distances = (0..<300).map { index in
            LatentPoint(Array(points[index * dimension..<(index + 1) * dimension])).distance(to: place)
        }
        let expected = (0..<300).sorted { distances[$0] < distances[$1] }
        for count in [0, 1, 7, 300, 400] {
            let found = tree.nearest(count, to: place)
            #expect(found.map(\.index) == Array(expected.prefix(count)))
            #expect(found.allSatisfy { abs($0.distance - distances[$0.index]) < 1e-4 })
        }
    }

    @Test("Points within a radius are those that a search through all finds", arguments: [0.1, 0.7, 30] as [Float])
    func around(radius: Float) {
        let points = points(400, dimension: 2)
        let tree = NeighborTree(points: points, dimension: 2)
        let place = LatentPoint(0.3, -0.4)
        var found: Set<Int> = []
        tree.forEachPoint(within: radius, of: place) { index, squared in
            #expect(found.insert(index).inserted)
            #expect(squared <= radius * radius)
        }
        let expected = (0..<400).filter {
            LatentPoint(points[2 * $0], points[2 * $0 + 1]).distance(to: place) <= radius
        }
        #expect(found == Set(expected))
    }

    @Test("Equal points are all kept, and the lowest index is the nearest")
    func duplicates() {
        let tree = NeighborTree(points: Array(repeating: 0.5, count: 200), dimension: 2)
        #expect(tree.nearest(to: LatentPoint(0, 0))?.index == 0)
        #expect(tree.nearest(5, to: LatentPoint(0, 0)).map(\.index) == [0, 1, 2, 3, 4])
        var count = 0
        tree.forEachPoint(within: 0.1, of: LatentPoint(0.5, 0.5)) { _, _ in count += 1 }
        #expect(count == 100)
    }

    @Test("No points: nothing is near; points that are not numbers are never the nearest")
    func degenerate() {
        #expect(NeighborTree(points: [], dimension: 2).nearest(to: LatentPoint(0, 0)) == nil)
        let tree = NeighborTree(points: [.nan, .nan, 4, 4], dimension: 2)
        #expect(tree.nearest(to: LatentPoint(0, 0))?.index == 1)
        #expect(tree.nearest(2, to: LatentPoint(0, 0)).map(\.index) == [1])
    }
}

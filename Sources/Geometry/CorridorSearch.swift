import Neural

/// Ways between two points over the corners of a field's cells: the shortest, and detours through other corridors.
///
/// From both ends all corners' shortest ways are found. Where the way from one end and the way from the other go over the same
/// corners for a while, both are parts of a way that is the shortest around (Camvit's plateaus): it is a detour worth a look.
struct CorridorSearch: Sendable {
    /// Cells between corners along the field's longer side.
    private static let mostCells = 120
    private static let mostWays = 6
    /// A detour that is longer than that times the shortest way isn't worth a look.
    private static let detour = 1.08
    /// Corners that are closer to a way belong to its corridor, in units of z.
    private static let reach = 0.1

    private let start: SIMD2<Double>
    private let end: SIMD2<Double>
    private var graph: CornerGraph
    private var trees: [CornerTree] = []
    /// The shortest first, once they are found; none where the field has no finite lengths.
    private(set) var ways: [[SIMD2<Double>]]?

    /// - Parameter start, end: in the field.
    init(from start: SIMD2<Double>, to end: SIMD2<Double>, in field: MetricField) {
        (self.start, self.end) = (start, end)
        graph = CornerGraph(of: field, most: CorridorSearch.mostCells)
    }

    /// Does a piece of the work: about a millisecond.
    mutating func advance(on pool: WorkerPool) {
        if !graph.isComplete {
            graph.advance(3000, on: pool)
            if graph.isComplete { trees = [tree(start, end), tree(end, start)] }
        } else if trees.contains(where: { !$0.isComplete }) {
            let graph = graph
            pool.change(&trees) { $0.advance(2500, in: graph) }
        } else if ways == nil {
            ways = found()
        }
    }

    private func tree(_ root: SIMD2<Double>, _ goal: SIMD2<Double>) -> CornerTree {
        CornerTree(from: root, to: goal, detour: CorridorSearch.detour, in: graph)
    }

    private func found() -> [[SIMD2<Double>]] {
        let totals = zip(trees[0].lengths, trees[1].lengths).map { $0 + $1 }
        guard let least = totals.min(), least.isFinite else { return [] }
        var isTaken = [Bool](repeating: false, count: totals.count)
        var ways: [[SIMD2<Double>]] = []
        let corners = totals.indices.filter { totals[$0] <= CorridorSearch.detour * least && isPlateau($0, totals) }
        for corner in corners.sorted(by: { totals[$0] < totals[$1] }) where !isTaken[corner] {
            let halves = trees.map { $0.way(to: corner) }
            let way = (halves[0].reversed() + halves[1].dropFirst()).map(graph.place)
            for place in way { graph.forEachCorner(within: CorridorSearch.reach, of: place) { isTaken[$0] = true } }
            ways.append([start] + way + [end])
            if ways.count == CorridorSearch.mostWays { break }
        }
        return ways
    }

    /// Whether the ways from both ends to a corner and to those before it are parts of the same way.
    private func isPlateau(_ corner: Int, _ totals: [Double]) -> Bool {
        trees.allSatisfy { tree in
            let before = Int(tree.previous[corner])
            return before < 0 || totals[before] > totals[corner] * (1 - 1e-6)
        }
    }
}

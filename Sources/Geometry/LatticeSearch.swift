import Latent

/// A first path in a plane: the shortest one over the points of a square lattice, each joined to sixteen neighbors, with
/// edges as long as the chord between their images (Dijkstra 1959).
///
/// A coarse lattice over everything comes first; then finer ones, each with half the spacing, around the path found before.
/// A chord is shorter than what it spans, which is estimated from how strongly images bend; where they change within less than
/// an edge, only the finer lattices see it.
struct LatticeSearch {
    /// Points a side of the coarse lattice.
    private static let side = 45
    /// How far around the ends a path may lead at least.
    private static let margin = 0.75
    /// How far around a path the next lattice reaches, in spacings of its own. The first of them has to mend what the
    /// coarse lattice did not see.
    private var reach: Int { halvings == 1 ? 4 : 3 }
    /// No lattice is finer than the coarse one halved so often.
    private static let mostHalvings = 2

    private let start: SIMD2<Double>
    private let end: SIMD2<Double>
    private let metric: LatentMetric
    private let origin: SIMD2<Double>
    private var spacing: Double
    private var halvings = 0
    private var lattice: Lattice
    private var bending: Double?
    /// The path found on the last lattice.
    private(set) var path: LatentPath
    /// The length of each of its segments there.
    private(set) var steps: [Double]
    private(set) var isFinished = false

    /// Over a square that holds both ends and a wide margin.
    init(from start: LatentPoint, to end: LatentPoint, in space: DecodedSpace, under metric: LatentMetric) {
        let (a, b) = (SIMD2(Double(start[0]), Double(start[1])), SIMD2(Double(end[0]), Double(end[1])))
        (self.start, self.end, self.metric) = (a, b, metric)
        let apart = pointwiseMax(a, b) - pointwiseMin(a, b)
        let extent = max(apart.x, apart.y)
        let width = extent + 2 * max(LatticeSearch.margin, 0.25 * extent)
        spacing = width / Double(LatticeSearch.side - 1)
        origin = (a + b) / 2 - width / 2
        path = LatentPath(coordinates: start.coordinates + end.coordinates, dimension: 2)
        steps = [1]
        let nodes = (0..<LatticeSearch.side).flatMap { row in
            (0..<LatticeSearch.side).map { SIMD2(Int32($0), Int32(row)) }
        }
        lattice = Lattice(nodes, origin: origin, spacing: spacing, ends: (a, b))
    }

    /// Decodes some points of a lattice, or searches it when all are.
    ///
    /// - Parameter budget: how many decodes it may take, but 64 the first time.
    mutating func advance(in space: DecodedSpace, budget: Int) {
        guard let bending else {
            bending = measureBending(in: space)
            return
        }
        guard lattice.isDecoded else { return lattice.decode(budget, in: space, under: metric) }
        guard let found = lattice.shortestPath(bending: bending) else {
            isFinished = true
            return
        }
        let (last, next) = (steps.reduce(0, +), found.steps.reduce(0, +))
        path = found.path
        steps = found.steps
        // Chords that no longer grow with a finer lattice say that this one sees everything.
        let isSeen = halvings > 0 && next < 1.01 * last
        guard halvings < LatticeSearch.mostHalvings, !isSeen else {
            isFinished = true
            return
        }
        halvings += 1
        spacing /= 2
        // The straight path is looked at once more: over a coarse lattice it may seem longer than it is.
        let ends = [(path.start, path.end)]
        let segments = Array(zip(path.points, path.points.dropFirst())) + (halvings == 1 ? ends : [])
        lattice = Lattice(nodes(around: segments), origin: origin, spacing: spacing, ends: (start, end))
    }

    /// How much shorter a chord is than what it spans: an arc of curvature κ over a chord c is about c (1 + κ²c²/24) long.
    /// On average over a line between the ends, in steps of the finest lattice, from how much less than two steps a chord over
    /// both of them is.
    ///
    /// - Returns: κ²/24, none below 0.
    private func measureBending(in space: DecodedSpace) -> Double {
        let apart = end - start
        let direction = apart / max((apart * apart).sum().squareRoot(), 1e-12)
        let step = spacing / Double(1 << LatticeSearch.mostHalvings)
        let points = (0..<64).flatMap { index -> [Float] in
            let point = (start + end) / 2 + (Double(index) - 31.5) * step * direction
            return [Float(point.x), Float(point.y)]
        }
        let values = CurveValues(points, in: space, under: LatentMetric(weighting: metric.weighting, density: nil))
        let single = values.chords.map { $0.squareRoot() }
        let double = values.chords(over: 2).map { $0.squareRoot() }
        var (missing, squares) = (0.0, 0.0)
        for index in double.indices {
            let sum = single[index] + single[index + 1]
            guard sum > 0 else { continue }
            missing += (1 - double[index] / sum) / 3
            squares += sum * sum / 4
        }
        return squares > 0 ? max(0, missing / squares) : 0
    }

    private func nodes(around segments: [(LatentPoint, LatentPoint)]) -> [SIMD2<Int32>] {
        var nodes: Set<SIMD2<Int32>> = []
        let (far, limit) = (Int32(reach), Double(reach * reach))
        for (a, b) in segments {
            let parts = max(1, Int((Double(a.distance(to: b)) / spacing * 2).rounded(.up)))
            for part in 0...parts {
                let point = a.mixed(with: b, Double(part) / Double(parts))
                let place = (SIMD2(Double(point[0]), Double(point[1])) - origin) / spacing
                let middle = SIMD2<Int32>(Int32(place.x.rounded()), Int32(place.y.rounded()))
                for row in -far...far {
                    for column in -far...far {
                        let node = middle &+ SIMD2(column, row)
                        let apart = SIMD2(Double(node.x), Double(node.y)) - place
                        if (apart * apart).sum() <= limit { nodes.insert(node) }
                    }
                }
            }
        }
        // In a fixed order, so that equal searches find equal paths.
        return nodes.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    }
}

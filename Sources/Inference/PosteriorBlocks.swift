import Platform

/// The posterior of one image on some blocks of one level: log p(x, z) + log h² at each point, so that their
/// exponentials sum to p(x).
struct PosteriorBlocks {
    let blocks: [PlaneBlock]
    /// `[blocks, points]`.
    let values: UnsafeBufferPointer<Float>
    /// The largest value.
    let largest: Float
    /// log Σ exp of each block's values.
    let masses: [Double]
    /// log p(x): the log-sum of all values.
    let evidence: Double
    /// log p(x) from each fourth of the points, at twice the spacing, minus ``evidence``: the largest distance.
    let doubledSpacingError: Double

    /// - Precondition: there is a block, and all are of one level.
    init(blocks: [PlaneBlock], values: UnsafeBufferPointer<Float>) {
        self.blocks = blocks
        self.values = values
        let top = values.reduce(-Float.infinity) { max($0, $1) }
        largest = top
        var quarters = QuarterSums()
        masses = blocks.indices.map { block in
            let points = UnsafeBufferPointer(rebasing: values[PosteriorBlocks.range(block)])
            let before = quarters.total
            quarters.add(points, relativeTo: top)
            let sum = quarters.total - before
            return sum > 0 ? Double(top) + logarithm(sum) : -.infinity
        }
        evidence = Double(top) + logarithm(quarters.total)
        doubledSpacingError = quarters.disagreement
    }

    var level: Int { blocks[0].level }
    var spacing: Double { PlaneLattice.spacing(level) }

    private static func range(_ block: Int) -> Range<Int> {
        block * PlaneBlock.points..<(block + 1) * PlaneBlock.points
    }

    /// The blocks of the next level in which some point seen so far comes as close as `depth` to the largest value.
    ///
    /// Where the spacing is still far too wide, a narrow ridge may pass between the points: then all blocks of the next
    /// level are followed whose parent has such a point.
    func children(within depth: Double) -> [PlaneBlock] {
        let least = largest - Float(depth)
        let isCoarse = doubledSpacingError > 1
        return blocks.indices.flatMap { index in
            let points = UnsafeBufferPointer(rebasing: values[PosteriorBlocks.range(index)])
            let isFollowed = PlaneBlock.pointsByChild.map { $0.contains { points[$0] > least } }
            let isParentFollowed = isFollowed.contains(true)
            return zip(blocks[index].children, isFollowed).filter { $0.1 || isCoarse && isParentFollowed }.map(\.0)
        }
    }

    /// A thousandth of the mass, as a logarithm.
    static let edgeDepth = 7.0

    /// Whether more than a thousandth of the mass lies in blocks at the edge of the plane.
    var reachesEdge: Bool {
        zip(blocks, masses).contains { PlaneLattice.isAtEdge($0.0) && $0.1 > evidence - PosteriorBlocks.edgeDepth }
    }

    /// Calls `body` with each point and its value.
    func forEachPoint(_ body: (_ x: Double, _ y: Double, _ value: Float) -> Void) {
        let spacing = spacing
        for (index, block) in blocks.enumerated() {
            let origin = PlaneLattice.origin(block)
            for point in 0..<PlaneBlock.points {
                body(
                    origin.x + Double(point % PlaneBlock.side) * spacing,
                    origin.y + Double(point / PlaneBlock.side) * spacing, values[index * PlaneBlock.points + point])
            }
        }
    }
}

/// Sums of exponentials over the four interleaved halves-by-halves of a block's points: each is the plane at twice the
/// spacing, so that where they agree, the spacing is fine enough.
struct QuarterSums {
    private var sums = SIMD4<Double>(repeating: 0)

    var total: Double { sums.sum() }

    /// The largest |log(4 · quarter) − log total|; infinite where a quarter is empty.
    var disagreement: Double {
        (0..<4).reduce(0) { max($0, abs(logarithm(4 * sums[$1] / total))) }
    }

    mutating func add(_ points: UnsafeBufferPointer<Float>, relativeTo top: Float) {
        for (point, value) in points.enumerated() where value > top - 40 {
            let quarter = (point / PlaneBlock.side & 1) << 1 | point & 1
            sums[quarter] += Double(exponential(value - top))
        }
    }

    /// All sums times e^change: the same sums relative to another top.
    mutating func scale(by change: Float) { sums *= Double(exponential(change)) }
}

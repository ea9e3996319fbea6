/// A square piece of the latent plane that is decoded at 8×8 points, the midpoints of its cells.
///
/// Blocks of level 0 tile the plane; each block has four of the next level in it, with half the spacing.
struct PlaneBlock: Hashable, Comparable {
    let level: Int
    let column: Int
    let row: Int

    /// Points on a side.
    static let side = 8
    /// Points in a block.
    static let points = side * side

    var children: [PlaneBlock] {
        [(0, 0), (1, 0), (0, 1), (1, 1)].map { right, down in
            PlaneBlock(level: level + 1, column: 2 * column + right, row: 2 * row + down)
        }
    }

    /// The points that lie in each of the children.
    static let pointsByChild: [[Int]] = [(0, 0), (1, 0), (0, 1), (1, 1)].map { right, down in
        (0..<points).filter { $0 % side / (side / 2) == right && $0 / side / (side / 2) == down }
    }

    /// Along Morton's curve, so that neighbors in order are mostly neighbors on the plane.
    static func < (one: PlaneBlock, other: PlaneBlock) -> Bool {
        (one.level, one.place) < (other.level, other.place)
    }

    private var place: Int {
        var place = 0
        for bit in 0..<20 {
            place |= (column >> bit & 1) << (2 * bit) | (row >> bit & 1) << (2 * bit + 1)
        }
        return place
    }
}

/// Where the blocks lie: the square ±6 of the plane, outside of which the prior has 4·10⁻⁹ of its mass.
enum PlaneLattice {
    static let halfExtent = 6.0
    /// Blocks of level 0 on a side.
    static let blocksPerSide = 24
    /// The distance of neighboring points of the finest level is 0.002.
    static let finestLevel = 5

    /// The blocks of level 0.
    static let blocks: [PlaneBlock] = (0..<blocksPerSide).flatMap { row in
        (0..<blocksPerSide).map { column in PlaneBlock(level: 0, column: column, row: row) }
    }

    /// The distance of neighboring points: 1/16 at level 0.
    static func spacing(_ level: Int) -> Double {
        2 * halfExtent / Double(blocksPerSide * PlaneBlock.side << level)
    }

    /// The first point of a block on the two axes; the others follow at the spacing.
    static func origin(_ block: PlaneBlock) -> SIMD2<Double> {
        let spacing = spacing(block.level)
        let cells = SIMD2(Double(block.column * PlaneBlock.side), Double(block.row * PlaneBlock.side))
        return (cells + 0.5) * spacing - halfExtent
    }

    /// Whether a block lies at the edge of the square.
    static func isAtEdge(_ block: PlaneBlock) -> Bool {
        let last = (blocksPerSide << block.level) - 1
        return block.column == 0 || block.row == 0 || block.column == last || block.row == last
    }
}

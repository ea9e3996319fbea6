import Platform

/// The mass of one image's posterior in the squares of the plane, and where it is densest.
public struct PosteriorMap: Hashable, Sendable {
    /// Squares on a side.
    public static let side = PlaneLattice.blocksPerSide * PlaneBlock.side
    /// How far the squares reach on each side of the origin.
    public static let halfExtent = PlaneLattice.halfExtent

    /// log of the mass in each square, `[side, side]` from the least z₀ and z₁ on; −∞ where it was not looked at.
    public var logMasses: [Float] {
        let evidence = Float(evidence)
        return masses.map { $0 - evidence }
    }
    /// Where the density is greatest, as far as it was seen.
    public private(set) var mode = SIMD2<Double>(repeating: 0)

    /// log p(x, square) but for the image's constant.
    private var masses = [Float](repeating: -.infinity, count: side * side)
    private var evidence = 0.0

    /// Takes the values of blocks in place of those of coarser ones.
    mutating func take(_ found: PosteriorBlocks) {
        evidence = found.evidence
        let (level, points) = (found.level, PlaneBlock.points)
        func square(_ block: PlaneBlock, _ point: Int) -> Int {
            let column = (block.column * PlaneBlock.side + point % PlaneBlock.side) >> level
            let row = (block.row * PlaneBlock.side + point / PlaneBlock.side) >> level
            return row * PosteriorMap.side + column
        }
        // Sums of e^(value − largest) until all are there, then their logarithms.
        var touched: [Int] = []
        for block in found.blocks {
            for point in 0..<points {
                let square = square(block, point)
                if touched.last != square { touched.append(square) }
                masses[square] = 0
            }
        }
        for (index, block) in found.blocks.enumerated() {
            for point in 0..<points {
                let value = found.values[index * points + point]
                masses[square(block, point)] += exponential(max(-80, value - found.largest))
            }
        }
        for square in Set(touched) { masses[square] = found.largest + Float(logarithm(Double(masses[square]))) }
        mode = found.peak
    }
}

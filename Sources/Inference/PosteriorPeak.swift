extension PosteriorBlocks {
    /// Where the density is greatest: the top of the parabola through the largest value and the eight around it, or the
    /// largest value's own point where one of them is missing or the parabola has its top elsewhere.
    var peak: SIMD2<Double> {
        guard let top = values.indices.max(by: { values[$0] < values[$1] }) else { return SIMD2(repeating: 0) }
        let (block, point) = (blocks[top / PlaneBlock.points], top % PlaneBlock.points)
        let (column, row) = (point % PlaneBlock.side, point / PlaneBlock.side)
        let place = PlaneLattice.origin(block) + spacing * SIMD2(Double(column), Double(row))
        guard
            let step = stepToTop(
                column: block.column * PlaneBlock.side + column, row: block.row * PlaneBlock.side + row)
        else { return place }
        return place + spacing * step
    }

    /// From a point to the top of the parabola around it, in spacings.
    private func stepToTop(column: Int, row: Int) -> SIMD2<Double>? {
        var around: [Double] = []
        for down in -1...1 {
            for across in -1...1 {
                guard let value = value(column: column + across, row: row + down) else { return nil }
                around.append(Double(value))
            }
        }
        let (left, right, lower, upper, here) = (around[3], around[5], around[1], around[7], around[4])
        let gradient = SIMD2(right - left, upper - lower) / 2
        let curvature = SIMD2(right + left, upper + lower) - 2 * here
        let mixed = (around[8] - around[6] - around[2] + around[0]) / 4
        let determinant = curvature.x * curvature.y - mixed * mixed
        guard curvature.x < 0, determinant > 0 else { return nil }
        let step =
            SIMD2(
                mixed * gradient.y - curvature.y * gradient.x, mixed * gradient.x - curvature.x * gradient.y)
            / determinant
        return abs(step.x) <= 1 && abs(step.y) <= 1 ? step : nil
    }

    /// The value at a point, counted over all of the plane at this level.
    private func value(column: Int, row: Int) -> Float? {
        let side = PlaneBlock.side
        guard column >= 0, row >= 0,
            let index = blocks.firstIndex(of: PlaneBlock(level: level, column: column / side, row: row / side))
        else { return nil }
        return values[index * PlaneBlock.points + row % side * side + column % side]
    }
}

import Neural

/// Some coarse cells beside each other, between which a ``FieldSurvey`` fills in: the images at the fine points of each fine
/// row, two rows of them at a time, and the fine cells between the two.
struct FieldStrip {
    /// What is known of the coarse rows around, from the one below the cells to the second above them.
    struct Around {
        /// The decoder's outputs at the coarse points, `[columns + 1, kept]` each.
        let rows: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
        /// Coarse cells of a row.
        let columns: Int
        /// Numbers of an image.
        let kept: Int
        /// Whether the first of the rows, or the last, is missing.
        let isFirst: Bool
        let isLast: Bool
    }

    /// Coarse cells of a strip: its images shall fit into a processor's own memory.
    static let most = 8

    private let around: Around
    private let cells: Range<Int>
    private let refinement: Int
    private let map: ImageMap

    /// - Parameters:
    ///   - cells: which coarse cells of the row, at most ``most``.
    ///   - map: what is done to the outputs.
    init(_ cells: Range<Int>, of around: Around, refinement: Int, _ map: ImageMap) {
        (self.cells, self.around, self.refinement, self.map) = (cells, around, refinement, map)
    }

    /// How many numbers a strip works with.
    static func scratch(kept: Int, refinement: Int) -> Int { kept * (2 * (most * refinement + 1) + most + 3) }

    /// Makes the fine cells, (uu, uv, vv, 0) without a density's factor.
    ///
    /// - Parameters:
    ///   - found: of the whole row's, `[refinement, columns · refinement]`; those of the strip are overwritten.
    ///   - side: of a fine cell.
    func fill(_ found: UnsafeMutablePointer<SIMD4<Float>>, side: Float, scratch: UnsafeMutablePointer<Float>) {
        let kept = around.kept
        let images = kept * (cells.count * refinement + 1)
        var (low, high) = (scratch, scratch + images)
        let mixed = scratch + 2 * images
        makeImages(0, mixed, into: low)
        for row in 0..<refinement {
            makeImages(row + 1, mixed, into: high)
            let first = found + row * around.columns * refinement + cells.lowerBound * refinement
            for column in 0..<cells.count * refinement {
                let (left, right) = (column * kept, (column + 1) * kept)
                let sides = ImageKernels.sides(
                    low: (UnsafePointer(low + left), UnsafePointer(low + right)),
                    high: (UnsafePointer(high + left), UnsafePointer(high + right)), count: kept)
                first[column] = SIMD4(sides, 0) / (side * side)
            }
            swap(&low, &high)
        }
    }

    /// The images of a fine row of points.
    ///
    /// - Parameter row: from the lower border of the cells.
    private func makeImages(_ row: Int, _ mixed: UnsafeMutablePointer<Float>, into images: UnsafeMutablePointer<Float>)
    {
        let kept = around.kept
        // The coarse points that count: one more on either side, as far as there is one.
        let points = max(0, cells.lowerBound - 1)...min(around.columns, cells.upperBound + 1)
        let shift = points.lowerBound * kept
        ImageKernels.mix(
            around.rows.0 + shift, around.rows.1 + shift, around.rows.2 + shift, around.rows.3 + shift,
            weights(row, isFirst: around.isFirst, isLast: around.isLast), count: points.count * kept, into: mixed)
        for column in 0...cells.count * refinement {
            let cell = min(cells.upperBound - 1, cells.lowerBound + column / refinement)
            let weights = weights(
                column - (cell - cells.lowerBound) * refinement, isFirst: cell == 0, isLast: cell == around.columns - 1)
            func point(_ number: Int) -> UnsafePointer<Float> {
                UnsafePointer(
                    mixed + (max(points.lowerBound, min(points.upperBound, number)) - points.lowerBound) * kept)
            }
            ImageKernels.mix(
                point(cell - 1), point(cell), point(cell + 1), point(cell + 2), weights, count: kept,
                into: images + column * kept)
        }
        map.apply(to: images, count: (cells.count * refinement + 1) * kept, slopes: nil)
    }

    /// Of the four points around a place, so many fine points from the second to the third. At the border, where the first or
    /// the last is missing, it is taken to lie on a line with its neighbors, and has no weight.
    private func weights(_ point: Int, isFirst: Bool, isLast: Bool) -> SIMD4<Float> {
        let t = Float(point) / Float(refinement)
        var weights = SIMD4(
            t * (-0.5 + t * (1 - 0.5 * t)), 1 + t * t * (-2.5 + 1.5 * t), t * (0.5 + t * (2 - 1.5 * t)),
            t * t * (-0.5 + 0.5 * t))
        if isFirst { weights = SIMD4(0, weights.y + 2 * weights.x, weights.z - weights.x, weights.w) }
        if isLast { weights = SIMD4(weights.x, weights.y - weights.w, weights.z + 2 * weights.w, 0) }
        return weights
    }
}

import Cells

/// Draws tones in few colors: every cell gets that block element of U+2580…259F (halves, quadrants, eighths) and those
/// two colors that come nearest to it, chosen together.
struct BlockFit {
    /// What a cell may be painted with.
    enum Paint {
        /// The inks of a palette.
        case inks(ToneInks)
        /// Glyphs only; tones are amounts of ink.
        case pen(Pen)
    }

    let paint: Paint

    /// Samples along each side of a cell: as many as there are eighths.
    static let side = 8

    /// A block element and the part of the cell that it inks.
    private struct Block {
        /// Which of a cell's sums give the sum over the inked part.
        enum Extent {
            case quadrants(mask: Int)
            case bottom(rows: Int)
            case left(columns: Int)
        }

        let glyph: Unicode.Scalar
        let extent: Extent
        /// The number of samples in the inked part.
        let count: Int
    }

    private static let blocks: [Block] = {
        let quadrants = SubcellGlyphs.quadrants.glyphs.indices.map { mask in
            Block(
                glyph: SubcellGlyphs.quadrants.glyphs[mask], extent: .quadrants(mask: mask),
                count: 16 * mask.nonzeroBitCount)
        }
        // ▄ and ▌, the fourth of seven eighths, are among the quadrants.
        let eighths = [1, 2, 3, 5, 6, 7].flatMap { eighth in
            [
                Block(
                    glyph: Unicode.Scalar(0x2580 + UInt32(eighth))!, extent: .bottom(rows: eighth), count: 8 * eighth),
                Block(
                    glyph: Unicode.Scalar(0x2590 - UInt32(eighth))!, extent: .left(columns: eighth), count: 8 * eighth),
            ]
        }
        return quadrants + eighths
    }()

    /// The sums over the parts of one cell.
    private struct Sums {
        var total: Float = 0
        var quadrants: SIMD4<Float> = .zero
        /// Sums over the lowest 0…8 rows, and over the leftmost 0…8 columns.
        var bottom = [Float](repeating: 0, count: side + 1)
        var left = [Float](repeating: 0, count: side + 1)

        mutating func read(_ samples: UnsafeBufferPointer<Float>, first: Int, stride: Int) {
            quadrants = .zero
            for index in 0...side { (bottom[index], left[index]) = (0, 0) }
            for row in 0..<side {
                for column in 0..<side {
                    let value = samples[first + row * stride + column]
                    quadrants[row / 4 * 2 + column / 4] += value
                    bottom[side - row] += value
                    left[column + 1] += value
                }
            }
            for index in 1...side {
                bottom[index] += bottom[index - 1]
                left[index] += left[index - 1]
            }
            total = quadrants.sum()
        }

        func sum(over extent: Block.Extent) -> Float {
            switch extent {
            case .bottom(let rows): bottom[rows]
            case .left(let columns): left[columns]
            case .quadrants(let mask):
                (0..<4).reduce(0) { $0 + (mask & (1 << $1) != 0 ? quadrants[$1] : 0) }
            }
        }
    }

    /// - Parameter samples: `[rect.rows · side, rect.columns · side]`: tones for inks, amounts for a pen.
    func draw(_ samples: [Float], into canvas: inout Canvas, rect: Rect) {
        let stride = rect.columns * BlockFit.side
        var sums = Sums()
        samples.withUnsafeBufferPointer { samples in
            for row in 0..<rect.rows {
                for column in 0..<rect.columns {
                    sums.read(samples, first: row * BlockFit.side * stride + column * BlockFit.side, stride: stride)
                    canvas[rect.column + column, rect.row + row] = bestCell(sums)
                }
            }
        }
    }

    private func bestCell(_ sums: Sums) -> Cell {
        switch paint {
        case .inks(let inks): bestCell(sums, inks)
        case .pen(let pen): bestCell(sums, pen)
        }
    }

    /// The squared error of painting `count` samples with one value, less the samples' own squares: −2·v·Σ + n·v².
    private func error(_ value: Float, sum: Float, count: Int) -> Float {
        value * (Float(count) * value - 2 * sum)
    }

    private func bestCell(_ sums: Sums, _ inks: ToneInks) -> Cell {
        let all = BlockFit.side * BlockFit.side
        let flat = inks.nearest(sums.total / Float(all))
        var best = Cell(" ", Style(.standard, on: flat.color))
        var leastError = error(flat.value, sum: sums.total, count: all)
        for block in BlockFit.blocks where block.count > 0 && block.count < all {
            let inside = sums.sum(over: block.extent)
            let outside = sums.total - inside
            let foreground = inks.nearest(inside / Float(block.count))
            let background = inks.nearest(outside / Float(all - block.count))
            let error =
                error(foreground.value, sum: inside, count: block.count)
                + error(background.value, sum: outside, count: all - block.count)
            if error < leastError - 1e-4 {
                leastError = error
                best = Cell(block.glyph, Style(foreground.color, on: background.color))
            }
        }
        return best
    }

    private func bestCell(_ sums: Sums, _ pen: Pen) -> Cell {
        var (best, leastError): (Unicode.Scalar, Float) = (" ", .infinity)
        for block in BlockFit.blocks {
            let error = error(1, sum: sums.sum(over: block.extent), count: block.count)
            if error < leastError { (best, leastError) = (block.glyph, error) }
        }
        return pen.cell(best)
    }
}

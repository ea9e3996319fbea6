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
        let glyph: Unicode.Scalar
        /// The number of samples in the inked part.
        let count: Float
    }

    /// The sixteen quadrants by their masks, then the lower eighths, then the left ones. (▄ and ▌, the fourth of seven,
    /// are among the quadrants too, and win there.)
    private static let blocks: [Block] = {
        let quadrants = SubcellGlyphs.quadrants.glyphs.indices.map { mask in
            Block(glyph: SubcellGlyphs.quadrants.glyphs[mask], count: Float(16 * mask.nonzeroBitCount))
        }
        let lower = (1...7).map { Block(glyph: Unicode.Scalar(0x2580 + UInt32($0))!, count: Float(8 * $0)) }
        let left = (1...7).map { Block(glyph: Unicode.Scalar(0x2590 - UInt32($0))!, count: Float(8 * $0)) }
        return quadrants + lower + left
    }()

    /// Sums one cell's samples over the inked part of each block.
    private func sum(
        _ samples: UnsafePointer<Float>, stride: Int, into sums: UnsafeMutableBufferPointer<Float>
    ) {
        func row(_ index: Int) -> SIMD8<Float> {
            UnsafeRawPointer(samples + index * stride).loadUnaligned(as: SIMD8<Float>.self)
        }
        let (upper, lower) = (row(0) + row(1) + row(2) + row(3), row(4) + row(5) + row(6) + row(7))
        let quarters = SIMD4(
            upper.lowHalf.sum(), upper.highHalf.sum(), lower.lowHalf.sum(), lower.highHalf.sum())
        sums[0] = 0
        for mask in 1..<16 { sums[mask] = sums[mask & (mask - 1)] + quarters[mask.trailingZeroBitCount] }
        let columns = upper + lower
        var (fromBottom, fromLeft): (Float, Float) = (0, 0)
        for eighth in 0..<7 {
            fromBottom += row(7 - eighth).sum()
            fromLeft += columns[eighth]
            sums[16 + eighth] = fromBottom
            sums[23 + eighth] = fromLeft
        }
    }

    /// - Parameter samples: `[rect.rows · side, rect.columns · side]`: tones for inks, amounts for a pen.
    func draw(_ samples: [Float], into canvas: inout Canvas, rect: Rect) {
        let side = BlockFit.side
        let stride = rect.columns * side
        withUnsafeTemporaryAllocation(of: Float.self, capacity: BlockFit.blocks.count) { sums in
            sums.initialize(repeating: 0)
            samples.withUnsafeBufferPointer { samples in
                guard let start = samples.baseAddress else { return }
                for row in 0..<rect.rows {
                    for column in 0..<rect.columns {
                        sum(start + row * side * stride + column * side, stride: stride, into: sums)
                        canvas[rect.column + column, rect.row + row] = bestCell(sums)
                    }
                }
            }
        }
    }

    private func bestCell(_ sums: UnsafeMutableBufferPointer<Float>) -> Cell {
        switch paint {
        case .inks(let inks): bestCell(sums, inks)
        case .pen(let pen): bestCell(sums, pen)
        }
    }

    /// The squared error of painting `count` samples with one value, less the samples' own squares: −2·v·Σ + n·v².
    private func error(_ value: Float, sum: Float, count: Float) -> Float {
        value * (count * value - 2 * sum)
    }

    private func bestCell(_ sums: UnsafeMutableBufferPointer<Float>, _ inks: ToneInks) -> Cell {
        let all = Float(BlockFit.side * BlockFit.side)
        let total = sums[15]
        let flat = inks.nearest(total / all)
        var best: (glyph: Unicode.Scalar, foreground: Float, background: Float) = (" ", flat, flat)
        var leastError = error(flat, sum: total, count: all)
        for (index, block) in BlockFit.blocks.enumerated() where block.count > 0 && block.count < all {
            let (inside, outside) = (sums[index], total - sums[index])
            let foreground = inks.nearest(inside / block.count)
            let background = inks.nearest(outside / (all - block.count))
            let error =
                error(foreground, sum: inside, count: block.count)
                + error(background, sum: outside, count: all - block.count)
            // What is better by rounding alone would only add seams.
            if error < leastError - 1e-4 {
                (best, leastError) = ((block.glyph, foreground, background), error)
            }
        }
        let background = inks.color(of: best.background)
        if best.glyph == " " { return Cell(" ", Style(.standard, on: background)) }
        return Cell(best.glyph, Style(inks.color(of: best.foreground), on: background))
    }

    private func bestCell(_ sums: UnsafeMutableBufferPointer<Float>, _ pen: Pen) -> Cell {
        var (best, leastError): (Unicode.Scalar, Float) = (" ", .infinity)
        for (index, block) in BlockFit.blocks.enumerated() {
            let error = error(1, sum: sums[index], count: block.count)
            if error < leastError { (best, leastError) = (block.glyph, error) }
        }
        return pen.cell(best)
    }
}

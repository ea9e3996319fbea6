import Cells

/// Draws samples by giving every cell the two colors, and the division of its parts between them, with the smallest
/// squared error.
///
/// The search is exact: colors and division are chosen together among the inks there are. (How the picture varies
/// within a part does not depend on the choice, so the parts' samples decide alone.)
struct TwoColorFit<Colors: Inks> {
    let glyphs: SubcellGlyphs
    let inks: Colors

    /// - Parameter samples: `[rect.rows · glyphs.rows, rect.columns · glyphs.columns]`.
    func draw(_ samples: [Colors.Value], into canvas: inout Canvas, rect: Rect) {
        let stride = rect.columns * glyphs.columns
        withUnsafeTemporaryAllocation(of: Colors.Value.self, capacity: glyphs.count) { values in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << (glyphs.count - 1)) { masks in
                values.initialize(repeating: .zero)
                masks.initialize(repeating: 0)
                for row in 0..<rect.rows {
                    for column in 0..<rect.columns {
                        let first = row * glyphs.rows * stride + column * glyphs.columns
                        for part in 0..<glyphs.count {
                            values[part] = samples[first + part / glyphs.columns * stride + part % glyphs.columns]
                        }
                        canvas[rect.column + column, rect.row + row] = bestCell(values, masks)
                    }
                }
            }
        }
    }

    private func bestCell(
        _ values: UnsafeMutableBufferPointer<Colors.Value>, _ masks: UnsafeMutableBufferPointer<UInt8>
    ) -> Cell {
        var best = (error: Float.infinity, mask: UInt8(0), foreground: Color.standard, background: Color.standard)
        for division in 0..<Colors.Value.divisions(of: values, into: masks) {
            let mask = masks[division]
            let (foreground, background) = inkPair(values, mask)
            var error: Float = 0
            for part in 0..<values.count {
                let ink = mask & (1 << part) != 0 ? foreground : background
                error += (values[part] - ink.value).squaredLength
            }
            if error < best.error { best = (error, mask, foreground.color, background.color) }
        }
        // A space has no seams at its edges, whatever the font.
        if best.foreground == best.background { return Cell(" ", Style(.standard, on: best.background)) }
        // Some terminals draw ▄ themselves and take ▀ from the font: the last part is always the foreground's.
        if best.mask & (1 << (values.count - 1)) == 0 {
            let all = UInt8(truncatingIfNeeded: (1 << values.count) - 1)
            return Cell(glyphs.glyphs[Int(~best.mask & all)], Style(best.background, on: best.foreground))
        }
        return Cell(glyphs.glyphs[Int(best.mask)], Style(best.foreground, on: best.background))
    }

    /// The inks nearest to the means of the two groups, which are the best that there are for this division.
    private func inkPair(
        _ values: UnsafeMutableBufferPointer<Colors.Value>, _ mask: UInt8
    ) -> (foreground: Ink<Colors.Value>, background: Ink<Colors.Value>) {
        var (inside, outside) = (Colors.Value.zero, Colors.Value.zero)
        for part in 0..<values.count {
            if mask & (1 << part) != 0 { inside = inside + values[part] } else { outside = outside + values[part] }
        }
        let count = mask.nonzeroBitCount
        return (
            inks.nearest(inside * (1 / Float(count))), inks.nearest(outside * (1 / Float(values.count - count)))
        )
    }
}

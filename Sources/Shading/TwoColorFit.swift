import Cells

/// Draws samples by giving every cell the two colors, and the division of its parts between them, with the smallest
/// squared error.
///
/// The search is exact: colors and division are chosen together among the inks there are. (How the picture varies
/// within a part does not depend on the choice, so the parts' samples decide alone.)
struct TwoColorFit<Colors: Inks> {
    typealias Value = Colors.Value

    let glyphs: SubcellGlyphs
    let inks: Colors

    /// - Parameter samples: `[rect.rows · glyphs.rows, rect.columns · glyphs.columns]`.
    func draw(_ samples: [Value], into canvas: inout Canvas, rect: Rect) {
        let stride = rect.columns * glyphs.columns
        let capacity = 1 << (glyphs.count - 1)
        withUnsafeTemporaryAllocation(of: Value.self, capacity: glyphs.count) { values in
            withUnsafeTemporaryAllocation(of: Division<Value>.self, capacity: capacity) { divisions in
                values.initialize(repeating: .zero)
                divisions.initialize(repeating: Division(mask: 0, sum: .zero))
                samples.withUnsafeBufferPointer { samples in
                    for row in 0..<rect.rows {
                        for column in 0..<rect.columns {
                            let first = row * glyphs.rows * stride + column * glyphs.columns
                            var part = 0
                            for y in 0..<glyphs.rows {
                                for x in 0..<glyphs.columns {
                                    values[part] = samples[first + y * stride + x]
                                    part += 1
                                }
                            }
                            canvas[rect.column + column, rect.row + row] = bestCell(values, divisions)
                        }
                    }
                }
            }
        }
    }

    private func bestCell(
        _ values: UnsafeMutableBufferPointer<Value>, _ divisions: UnsafeMutableBufferPointer<Division<Value>>
    ) -> Cell {
        var total = Value.zero
        for value in values { total = total + value }
        var best = (error: Float.infinity, mask: UInt8(0), inside: Value.zero, outside: Value.zero)
        for division in divisions[..<Value.divisions(of: values, into: divisions)] {
            let count = Float(division.mask.nonzeroBitCount)
            let others = Float(values.count) - count
            // The inks nearest to the groups' means are the best that there are for this division.
            let inside = inks.nearest(division.sum * (1 / count))
            let outside = inks.nearest((total - division.sum) * (1 / others))
            // The squared error, less the squares of the values themselves, which all divisions share.
            let error =
                count * inside.squaredLength - 2 * inside.dot(division.sum)
                + others * outside.squaredLength - 2 * outside.dot(total - division.sum)
            if error < best.error { best = (error, division.mask, inside, outside) }
        }
        // The last part is the foreground's: some terminals draw ▄ themselves and take ▀ from the font.
        let all = UInt8(truncatingIfNeeded: (1 << values.count) - 1)
        let (foreground, background) = (inks.color(of: best.outside), inks.color(of: best.inside))
        // A space has no seams at its edges, whatever the font.
        if foreground == background { return Cell(" ", Style(.standard, on: background)) }
        return Cell(glyphs.glyphs[Int(~best.mask & all)], Style(foreground, on: background))
    }
}

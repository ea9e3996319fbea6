import Cells

/// Chooses the glyph and both colors with the smallest error, all three together among what there is.
///
/// With few colors the search is exact. With many, only the four glyphs are tried in them that would be best if there
/// were all colors.
struct ColorChooser<Colors: Inks>: CellChooser {
    typealias Value = Colors.Value

    let set: GlyphSet
    let inks: Colors

    private typealias Best = (error: Float, choice: CellChoice<Value>)

    func exact(_ first: Value, _ last: Value, isFlat: Bool) -> CellChoice<Value>? {
        // Two halves in two colors of any kind.
        if inks.isFine, set.count == 2 { return CellChoice(glyph: 0, foreground: last, background: first) }
        guard isFlat else { return nil }
        let shown = inks.nearest(first)
        guard inks.isFine || (shown - first).squaredLength < 1e-6 else { return nil }
        return CellChoice(glyph: -1, foreground: shown, background: shown)
    }

    func best(_ whole: Value, _ sums: UnsafeMutableBufferPointer<Value>) -> CellChoice<Value> {
        let flat = inks.nearest(whole * (1 / set.wholeSquares))
        var best: Best = (
            set.wholeSquares * flat.squaredLength - 2 * flat.dot(whole),
            CellChoice(glyph: -1, foreground: flat, background: flat)
        )
        func attempt(_ index: Int, _ bound: Float) {
            guard bound < best.error - 1e-5 else { return }
            let inked = sums[set.glyphs[index].slot]
            color(set.weights[index], index, inked, whole - inked, &best)
        }
        if !inks.few.isEmpty && set.glyphs.count < 100 {
            // Each that may be the best.
            for index in set.glyphs.indices { attempt(index, bound(index, whole, sums)) }
        } else {
            // Those that could be the best if there were all colors.
            let candidates = candidates(whole, sums)
            for place in 0..<candidates.bounds.scalarCount {
                attempt(Int(candidates.glyphs[place]), candidates.bounds[place])
            }
        }
        return best.choice
    }

    /// No colors can make a glyph's error smaller than this.
    private func bound(_ index: Int, _ whole: Value, _ sums: UnsafeMutableBufferPointer<Value>) -> Float {
        let weights = set.weights[index]
        let inked = sums[set.glyphs[index].slot]
        let paper = whole - inked
        let gain = weights.inverseInk * inked.squaredLength + weights.inversePaper * paper.squaredLength
        return -gain - 2 * weights.inverseProduct * inked.dot(paper)
    }

    /// The glyphs with the smallest bounds, in their order.
    private func candidates(
        _ whole: Value, _ sums: UnsafeMutableBufferPointer<Value>
    ) -> (bounds: SIMD4<Float>, glyphs: SIMD4<Int32>) {
        var (bounds, glyphs) = (SIMD4<Float>(repeating: .infinity), SIMD4<Int32>.zero)
        for index in set.glyphs.indices {
            let bound = bound(index, whole, sums)
            guard bound < bounds[3] else { continue }
            var place = 3
            while place > 0, bound < bounds[place - 1] {
                (bounds[place], glyphs[place]) = (bounds[place - 1], glyphs[place - 1])
                place -= 1
            }
            (bounds[place], glyphs[place]) = (bound, Int32(index))
        }
        return (bounds, glyphs)
    }

    /// Finds the best colors of a glyph.
    private func color(_ glyph: GlyphSet.Weights, _ index: Int, _ inked: Value, _ paper: Value, _ best: inout Best) {
        func attempt(_ foreground: Value, _ background: Value) {
            let error =
                glyph.inkSquares * foreground.squaredLength + glyph.paperSquares * background.squaredLength
                + 2 * (glyph.products * foreground.dot(background) - foreground.dot(inked) - background.dot(paper))
            // What is better by rounding alone would only add seams.
            if error < best.error - 1e-5 {
                best = (error, CellChoice(glyph: index, foreground: foreground, background: background))
            }
        }
        // Given one color the error is a parabola in the other: the nearest color to its lowest point is the best.
        func foreground(on background: Value) -> Value {
            inks.nearest((inked - background * glyph.products) * (1 / glyph.inkSquares))
        }
        func background(under foreground: Value) -> Value {
            inks.nearest((paper - foreground * glyph.products) * (1 / glyph.paperSquares))
        }
        if !inks.few.isEmpty {
            for ink in inks.few { attempt(foreground(on: ink), ink) }
            return
        }
        let free = (
            inked * glyph.inverseInk + paper * glyph.inverseProduct,
            inked * glyph.inverseProduct + paper * glyph.inversePaper
        )
        if inks.isFine, free.0.isInUnit, free.1.isInUnit { return attempt(free.0, free.1) }
        let limited = (inks.nearest(free.0), inks.nearest(free.1))
        attempt(limited.0, background(under: limited.0))
        attempt(foreground(on: limited.1), limited.1)
    }

    func cell(_ choice: CellChoice<Value>) -> Cell {
        let (foreground, background) = (inks.color(of: choice.foreground), inks.color(of: choice.background))
        // A space has no seams at its edges, whatever the font.
        if choice.glyph < 0 || foreground == background { return Cell(" ", Style(.standard, on: background)) }
        return Cell(set.glyphs[choice.glyph].glyph, Style(foreground, on: background))
    }
}

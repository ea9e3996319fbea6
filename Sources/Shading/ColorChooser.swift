import Cells

/// Chooses the glyph and both colors with the smallest error, all three together among what there is.
///
/// With four colors at most the search is exact. With more, only the four glyphs are tried in them that would be best if
/// there were all colors; up to sixteen in each pair of them.
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

    func best(_ wanted: Wanted<Value>) -> CellChoice<Value> {
        let flat = inks.nearest(wanted.whole * (1 / set.wholeSquares))
        var best: Best = (
            set.wholeSquares * flat.squaredLength - 2 * flat.dot(wanted.whole),
            CellChoice(glyph: -1, foreground: flat, background: flat)
        )
        set.bounds.fill(wanted)
        let candidates = candidates(wanted, below: best.error)
        attempt(candidates.0, wanted, &best)
        attempt(candidates.1, wanted, &best)
        attempt(candidates.2, wanted, &best)
        attempt(candidates.3, wanted, &best)
        if let few = inks.few, few.values.count <= 4, set.glyphs.count < 100 {
            // The others that may be the best.
            for slot in 0..<4 * wanted.fours { attempt(slot, wanted, &best) }
        }
        return best.choice
    }

    /// The slots of the four glyphs that could be the best if there were all colors, the best first; −1 where there are
    /// fewer below the limit.
    private func candidates(_ wanted: Wanted<Value>, below limit: Float) -> (Int, Int, Int, Int) {
        // Numbers by themselves stay in registers.
        var (first, second, third, fourth) = (limit, limit, limit, limit)
        var slots = (-1, -1, -1, -1)
        for four in 0..<wanted.fours where any(wanted.numbers[four] .< fourth) {
            for slot in 4 * four..<4 * four + 4 {
                let bound = wanted.number(slot)
                guard bound < fourth else { continue }
                if bound < second {
                    (fourth, slots.3) = (third, slots.2)
                    (third, slots.2) = (second, slots.1)
                    if bound < first {
                        (second, slots.1) = (first, slots.0)
                        (first, slots.0) = (bound, slot)
                    } else {
                        (second, slots.1) = (bound, slot)
                    }
                } else if bound < third {
                    (fourth, slots.3) = (third, slots.2)
                    (third, slots.2) = (bound, slot)
                } else {
                    (fourth, slots.3) = (bound, slot)
                }
            }
        }
        return slots
    }

    /// Finds the best colors of a glyph, unless its bound says that they are not good enough.
    private func attempt(_ slot: Int, _ wanted: Wanted<Value>, _ best: inout Best) {
        // What is better by rounding alone would only add seams.
        guard slot >= 0, wanted.number(slot) < best.error - 1e-5 else { return }
        let index = set.indices[slot]
        guard index >= 0 else { return }
        let inked = wanted.inked(slot)
        color(set.weights[index], index, inked, wanted.whole - inked, &best)
    }

    private func color(_ glyph: GlyphSet.Weights, _ index: Int, _ inked: Value, _ paper: Value, _ best: inout Best) {
        func attempt(_ foreground: Value, _ background: Value) {
            let error =
                glyph.inkSquares * foreground.squaredLength + glyph.paperSquares * background.squaredLength
                + 2 * (glyph.products * foreground.dot(background) - foreground.dot(inked) - background.dot(paper))
            if error < best.error - 1e-5 {
                best = (error, CellChoice(glyph: index, foreground: foreground, background: background))
            }
        }
        if let few = inks.few, few.values.count > 4 {
            if let pair = few.best(glyph, inked, paper, below: best.error - 1e-5) { attempt(pair.0, pair.1) }
            return
        }
        // Given one color the error is a parabola in the other: the nearest color to its lowest point is the best.
        func foreground(on background: Value) -> Value {
            inks.nearest((inked - background * glyph.products) * (1 / glyph.inkSquares))
        }
        func background(under foreground: Value) -> Value {
            inks.nearest((paper - foreground * glyph.products) * (1 / glyph.paperSquares))
        }
        if let few = inks.few {
            for ink in few.values { attempt(foreground(on: ink), ink) }
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

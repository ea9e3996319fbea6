import Cells

/// Chooses the glyph alone: a pen has one color.
struct PenChooser: CellChooser {
    let set: GlyphSet
    let pen: Pen
    /// What full ink counts, where glyphs ink so little of a cell that true tones are beyond them.
    let gain: Float

    func exact(_ first: Float, _ last: Float, isFlat: Bool) -> CellChoice<Float>? {
        isFlat && first < 1e-3 ? CellChoice(glyph: -1, foreground: gain, background: 0) : nil
    }

    func best(_ wanted: Wanted<Float>) -> CellChoice<Float> {
        for four in 0..<wanted.fours {
            wanted.numbers[four] = (set.inkSquares[four] * gain - wanted.sums[four] * 2) * gain
        }
        var (best, leastError) = (-1, Float.zero)
        for four in 0..<wanted.fours where any(wanted.numbers[four] .< leastError) {
            for slot in 4 * four..<4 * four + 4 where wanted.number(slot) < leastError {
                (best, leastError) = (slot, wanted.number(slot))
            }
        }
        return CellChoice(glyph: best < 0 ? -1 : set.indices[best], foreground: gain, background: 0)
    }

    func cell(_ choice: CellChoice<Float>) -> Cell {
        pen.cell(choice.glyph < 0 ? " " : set.glyphs[choice.glyph].glyph)
    }
}

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

    func best(_ whole: Float, _ sums: UnsafeMutableBufferPointer<Float>) -> CellChoice<Float> {
        var (best, leastError) = (-1, Float.zero)
        for index in set.glyphs.indices {
            let error = gain * (gain * set.weights[index].inkSquares - 2 * sums[set.glyphs[index].slot])
            if error < leastError { (best, leastError) = (index, error) }
        }
        return CellChoice(glyph: best, foreground: gain, background: 0)
    }

    func cell(_ choice: CellChoice<Float>) -> Cell {
        pen.cell(choice.glyph < 0 ? " " : set.glyphs[choice.glyph].glyph)
    }
}

import Cells

extension SubcellGlyphs {
    /// Braille patterns: 2×4 dots. Unicode numbers the dots of the upper three rows down the columns, and the lowest
    /// row after them.
    static let dots = SubcellGlyphs(
        columns: 2, rows: 4,
        glyphs: (0..<256).map { mask in
            if mask == 0 { return " " }
            let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
            let pattern = bits.indices.reduce(0) { $0 | (mask & (1 << $1) != 0 ? bits[$1] : 0) }
            return Unicode.Scalar(0x2800 + pattern)!
        })
}

/// Draws samples in braille dots, on the background that stands for nothing: the dots above half of the cell's
/// lightest, in their mean color.
struct DotDrawing<Colors: Inks> {
    let inks: Colors

    /// - Parameter samples: `[4 · rect.rows, 2 · rect.columns]`.
    func draw(_ samples: [Colors.Value], into canvas: inout Canvas, rect: Rect) {
        let glyphs = SubcellGlyphs.dots
        let stride = rect.columns * glyphs.columns
        let background = inks.color(of: .zero)
        for row in 0..<rect.rows {
            for column in 0..<rect.columns {
                let first = row * glyphs.rows * stride + column * glyphs.columns
                let places = (0..<glyphs.count).map { first + $0 / glyphs.columns * stride + $0 % glyphs.columns }
                let lightest = places.reduce(0) { max($0, samples[$1].lightness) }
                let lit = (0..<glyphs.count).filter { samples[places[$0]].lightness > lightest / 2 }
                let sum = lit.reduce(Colors.Value.zero) { $0 + samples[places[$1]] }
                let color = inks.color(of: sum * (1 / Float(max(1, lit.count))))
                let mask = color == background ? 0 : lit.reduce(0) { $0 | 1 << $1 }
                let style = Style(mask == 0 ? .standard : color, on: background)
                canvas[rect.column + column, rect.row + row] = Cell(glyphs.glyphs[mask], style)
            }
        }
    }
}

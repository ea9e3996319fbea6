import Cells

/// Draws amounts of ink, one a cell, in the four shades that a cell can have beside blank.
struct ShadeDrawing {
    let pen: Pen

    static let glyphs: [Unicode.Scalar] = [" ", "░", "▒", "▓", "█"]

    /// - Parameter amounts: `[rect.rows, rect.columns]`, each 0…1.
    func draw(_ amounts: [Float], into canvas: inout Canvas, rect: Rect) {
        for row in 0..<rect.rows {
            for column in 0..<rect.columns {
                let shade = Int(amounts[row * rect.columns + column] * 4 + 0.5)
                canvas[rect.column + column, rect.row + row] = pen.cell(ShadeDrawing.glyphs[shade])
            }
        }
    }
}

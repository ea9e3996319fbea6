import Cells

/// How a terminal of two colors, or of none, shows that a part of a cell is inked.
///
/// What is inked is what differs from the paper: light on dark terminals, dark on light ones, so that a picture does
/// not appear as its negative.
struct Pen: Sendable {
    private let style: Style
    /// The style of an empty cell that stands for a full one; nil where only glyphs can ink.
    private let solid: Style?
    private let inksLight: Bool
    /// The lightness of the lightest color that the terminal shows; white seldom is 1.
    private let white: Float

    init(profile: TerminalProfile) {
        let grays = TerminalPalette.grays8
        white = Float(grays[1].level) / 255
        if profile.depth == .none {
            (style, solid) = (.plain, nil)
            inksLight = !profile.hasLightBackground
        } else {
            style = Style(.indexed(grays[1].index), on: .indexed(grays[0].index))
            solid = Style(.standard, on: .indexed(grays[1].index))
            inksLight = true
        }
    }

    /// The share of a place that must be inked to show a tone, 0…1.
    func amount(of tone: Float) -> Float { contrast(of: tone / white) }

    /// How far a tone is from the paper, 0…1.
    func contrast(of tone: Float) -> Float { inksLight ? tone.limitedToUnit : 1 - tone.limitedToUnit }

    func cell(_ glyph: Unicode.Scalar) -> Cell {
        if glyph == "█", let solid { return Cell(" ", solid) }
        return Cell(glyph, style)
    }
}

/// Draws amounts of ink by inking each part of a cell or not.
struct InkDrawing {
    let glyphs: SubcellGlyphs
    let pen: Pen

    /// - Parameter amounts: `[rect.rows · glyphs.rows, rect.columns · glyphs.columns]`, each 0…1.
    func draw(_ amounts: [Float], into canvas: inout Canvas, rect: Rect) {
        let stride = rect.columns * glyphs.columns
        for row in 0..<rect.rows {
            for column in 0..<rect.columns {
                let first = row * glyphs.rows * stride + column * glyphs.columns
                var mask = 0
                for part in 0..<glyphs.count
                where amounts[first + part / glyphs.columns * stride + part % glyphs.columns] >= 0.5 {
                    mask |= 1 << part
                }
                canvas[rect.column + column, rect.row + row] = pen.cell(glyphs.glyphs[mask])
            }
        }
    }
}

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

/// Rounds amounts to 0 or 1, and hands what each loses on to its neighbors to the right and below, so that means over a
/// few places stay true (Floyd and Steinberg 1976; every other row from right to left).
///
/// - Parameter amounts: `[height, width]`, each 0…1.
func diffused(_ amounts: [Float], width: Int) -> [Float] {
    var result = amounts
    guard width > 0 else { return result }
    let height = amounts.count / width
    for row in 0..<height {
        let direction = row % 2 == 0 ? 1 : -1
        for index in 0..<width {
            let column = direction > 0 ? index : width - 1 - index
            let wanted = result[row * width + column]
            let rounded = wanted >= 0.5 ? 1 : 0 as Float
            result[row * width + column] = rounded
            let loss = (wanted - rounded) / 16
            func hand(_ share: Float, column: Int, row: Int) {
                guard column >= 0, column < width, row < height else { return }
                result[row * width + column] += share * loss
            }
            hand(7, column: column + direction, row: row)
            hand(3, column: column - direction, row: row + 1)
            hand(5, column: column, row: row + 1)
            hand(1, column: column + direction, row: row + 1)
        }
    }
    return result
}

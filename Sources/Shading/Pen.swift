import Cells

/// How a terminal without colors shows that a part of a cell is inked.
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

/// Which glyphs a picture is drawn with.
public enum ShadingMode: String, CaseIterable, Sendable {
    /// Two pixels a cell, one above the other: shows every pixel where the picture fits one to one.
    case half
    /// Four sub-cells (2×2) in two colors.
    case quadrant
    /// Those, or a cell divided at an eighth of its height or width: for edges between few colors.
    case block
    /// Six sub-cells (2×3) in two colors; for terminals that draw these glyphs themselves.
    case sextant
    /// Eight braille dots a cell, in a foreground on a background where there are colors; fonts often lack them.
    case braille
    /// ASCII glyphs by their shape, in a fitted foreground and background where there are colors.
    case ascii
}

/// Which glyphs can be trusted to look as they should.
public enum GlyphRepertoire: String, CaseIterable, Comparable, Sendable {
    /// Printable ASCII: a C locale, or asked for.
    case ascii
    /// ASCII, half blocks, shades and lines: the Linux console.
    case console
    /// Quadrants and eighth blocks too: nearly every terminal.
    case blocks
    /// Sextants and braille too: terminals known to draw them themselves.
    case full

    public static func < (left: Self, right: Self) -> Bool {
        allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
}

/// What a terminal shows where nothing is drawn.
public enum TerminalBackground: String, CaseIterable, Hashable, Sendable {
    case dark, light
}

/// What a terminal can show, detected or asked for: all that drawing needs to know of it.
public struct TerminalProfile: Hashable, Sendable {
    public var depth: ColorDepth
    public var glyphs: GlyphRepertoire
    /// The terminal's own background; nil where it is not known, and colors have to be readable on both.
    public var background: TerminalBackground?
    /// Height of a cell divided by its width.
    public var cellRatio: Double

    public init(
        depth: ColorDepth, glyphs: GlyphRepertoire, background: TerminalBackground? = nil, cellRatio: Double = 2
    ) {
        self.depth = depth
        self.glyphs = glyphs
        self.background = background
        self.cellRatio = cellRatio
    }

    /// Whether the background is known to be light: pictures are drawn for a dark one where nothing is known.
    public var hasLightBackground: Bool { background == .light }
}

import Cells

/// What a person asks for instead of what would be detected.
public struct TerminalOptions: Hashable, Sendable {
    public var color: ColorChoice
    public var background: TerminalBackground?
    public var borders: Borders
    /// Height of a cell divided by its width; from the terminal's pixel size where it tells, else 2.
    public var cellRatio: Double?
    /// Printable ASCII only, whatever the terminal could show.
    public var asciiGlyphs: Bool
    /// Whether the mouse is ours; without it the terminal's own selection needs no Shift.
    public var mouse: Bool

    public init(
        color: ColorChoice = .auto, background: TerminalBackground? = nil, borders: Borders = .line,
        cellRatio: Double? = nil, asciiGlyphs: Bool = false, mouse: Bool = true
    ) {
        self.color = color
        self.background = background
        self.borders = borders
        self.cellRatio = cellRatio
        self.asciiGlyphs = asciiGlyphs
        self.mouse = mouse
    }

    /// `--color`: the raw values are what a person writes.
    public enum ColorChoice: String, CaseIterable, Sendable {
        case auto, never
        case palette16 = "16"
        case palette256 = "256"
        case direct
    }

    /// `--borders`
    public enum Borders: String, CaseIterable, Sendable {
        case line, ascii
    }
}

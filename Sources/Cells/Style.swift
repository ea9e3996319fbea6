/// What a cell is painted with. A canvas for a terminal of few colors holds indices only: views ask
/// ``ColorDepth`` first, so that masks and colours can be chosen together.
public enum Color: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case standard
    /// An entry of the terminal's palette: 0–7, 0–15 or 0–255 by the depth.
    case indexed(UInt8)
    /// Direct colour, sRGB.
    case rgb(UInt8, UInt8, UInt8)
}

/// How many colours the terminal shows.
public enum ColorDepth: String, CaseIterable, Sendable {
    case none, palette8, palette16, palette256, direct
}

/// Character attributes; none of them is ever the only carrier of a meaning.
public struct Attributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let bold = Attributes(rawValue: 1)
    public static let dim = Attributes(rawValue: 2)
    public static let reverse = Attributes(rawValue: 4)
    public static let underline = Attributes(rawValue: 8)
}

/// How a cell looks, apart from its glyph.
public struct Style: Hashable, Sendable {
    public var foreground: Color
    public var background: Color
    public var attributes: Attributes

    public init(_ foreground: Color = .standard, on background: Color = .standard, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    public static let plain = Style()
    public static let dim = Style(.standard, on: .standard, .dim)
    public static let bold = Style(.standard, on: .standard, .bold)
}

/// One character cell: a glyph one column wide, and its style.
public struct Cell: Hashable, Sendable {
    public var glyph: Unicode.Scalar
    public var style: Style

    public init(_ glyph: Unicode.Scalar = " ", _ style: Style = .plain) {
        self.glyph = glyph
        self.style = style
    }

    public static let blank = Cell()
}

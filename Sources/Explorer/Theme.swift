import Cells

/// How things look on this terminal: styles by meaning. Text and frames are in the terminal's own colors; colors of
/// our own are for classes and for the one accent.
struct Theme: Hashable, Sendable {
    let profile: TerminalProfile
    let typography: Typography

    init(profile: TerminalProfile, borders: Options.Borders) {
        self.profile = profile
        typography = Typography(glyphs: profile.glyphs, borders: borders)
    }

    /// How much there is of something, shown by weight of type.
    enum Weight: Hashable { case faint, regular, strong }

    /// A class's mark, told apart from others by its digit and, where there are colors, by its hue.
    func classStyle(_ label: UInt8, _ weight: Weight = .regular) -> Style {
        let attributes: Attributes =
            switch weight {
            // Dimmed, a color that is just readable on both backgrounds would not be on one of them.
            case .faint: profile.background == nil && profile.depth != .none ? [] : .dim
            case .regular: []
            case .strong: .bold
            }
        return Style(classColor(label), on: .standard, attributes)
    }

    func classColor(_ label: UInt8) -> Color { ClassColors.color(of: Int(label) % 10, on: profile) }

    /// One of a meaning's colors, as entries of the 256 palette and of its first eight.
    func color(many: Choice, few: Choice) -> Color {
        switch profile.depth {
        case .none: .standard
        case .palette8, .palette16: .indexed(few.entry(on: profile.background))
        case .palette256, .direct: ClassColors.color(many.entry(on: profile.background), profile.depth)
        }
    }

    /// A color for each background: at least 4.5:1 on a dark or a light one, 3:1 on both.
    struct Choice {
        let dark, light, either: UInt8

        func entry(on background: TerminalBackground?) -> UInt8 {
            switch background {
            case .dark: dark
            case .light: light
            case nil: either
            }
        }
    }

    static let accent256 = Choice(dark: 39, light: 25, either: 32)
    static let accent8 = Choice(dark: 6, light: 4, either: 5)
    static let error256 = Choice(dark: 203, light: 160, either: 196)
    static let error8 = Choice(dark: 1, light: 1, either: 1)

    var accentColor: Color { color(many: Self.accent256, few: Self.accent8) }

    /// Text in the accent.
    var accent: Style { Style(accentColor, on: .standard, .bold) }

    /// A cell that stands out by its background: the cursor, the current view. Reverse video, so that the glyph has the
    /// background's color and is legible whatever the theme.
    var cursor: Style { Style(accentColor, on: .standard, [.bold, .reverse]) }

    var mark: Style { Style(.standard, on: .standard, [.bold, .reverse]) }
    var frame: Style { .dim }
    var text: Style { .plain }
    var faint: Style { .dim }
    var strong: Style { .bold }

    /// An error is told by its words and its weight; red only helps.
    var error: Style { Style(color(many: Self.error256, few: Self.error8), on: .standard, .bold) }
}

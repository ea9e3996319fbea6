import Cells

/// How things look on this terminal: styles by meaning. Text and frames are in the terminal's own colours; colours of
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

    /// A class's mark, told apart from others by its digit and, where there are colours, by its hue.
    func classStyle(_ label: UInt8, _ weight: Weight = .regular) -> Style {
        let attributes: Attributes =
            switch weight {
            case .faint: .dim
            case .regular: []
            case .strong: .bold
            }
        return Style(classColor(label), on: .standard, attributes)
    }

    /// Ten colors of the 256 chosen by search, each at least 4.5:1 against its background: the least distance between any
    /// two (CIEDE2000) is 15.9 on dark and 11.2 on light, over full color vision, protanopia, deuteranopia and tritanopia
    /// (simulated after Machado et al. 2009). Digits that are often taken for each other, 4 and 9 or 3 and 5, have colors
    /// farther apart.
    ///
    /// Terminals with 16 or 8 colors leave the hue to the person's theme. The ten of 16 are the farthest apart on the
    /// palettes of xterm, the Linux console and Tango among those that can be read (CIEDE2000 of 11.2 on dark, 10.0 on
    /// light, for full color vision). What is alike there, or the same where there are eight, are digits that are seldom
    /// neighbors: 0 and 9, 1 and 6, 5 and 7, 3 and 4.
    func classColor(_ label: UInt8) -> Color {
        let class10 = Int(label) % 10
        switch profile.depth {
        case .none: return .standard
        case .palette8:
            return .indexed(profile.hasLightBackground ? Self.eightOnLight[class10] : Self.eightOnDark[class10])
        case .palette16:
            return .indexed(profile.hasLightBackground ? Self.sixteenOnLight[class10] : Self.sixteenOnDark[class10])
        case .palette256: return .indexed(color256(class10))
        case .direct: return Self.direct(color256(class10))
        }
    }

    private func color256(_ class10: Int) -> UInt8 {
        profile.hasLightBackground ? Self.onLight[class10] : Self.onDark[class10]
    }

    static let onDark: [UInt8] = [180, 132, 65, 98, 111, 46, 195, 230, 145, 196]
    static let onLight: [UInt8] = [29, 20, 23, 160, 63, 16, 90, 88, 96, 17]
    static let sixteenOnDark: [UInt8] = [6, 14, 9, 7, 12, 13, 10, 11, 3, 2]
    static let sixteenOnLight: [UInt8] = [5, 9, 6, 8, 0, 2, 1, 4, 12, 13]
    static let eightOnDark: [UInt8] = [6, 1, 2, 5, 5, 3, 1, 3, 7, 6]
    static let eightOnLight: [UInt8] = [4, 1, 2, 5, 5, 6, 1, 6, 0, 4]

    /// An entry of the 256 palette's colour cube as direct colour.
    static func direct(_ index: UInt8) -> Color {
        let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
        let cube = Int(index) - 16
        return .rgb(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    }

    private static let accentOnDark: UInt8 = 39
    private static let accentOnLight: UInt8 = 25

    private var accentColor: Color {
        let index = profile.hasLightBackground ? Self.accentOnLight : Self.accentOnDark
        switch profile.depth {
        case .none: return .standard
        case .palette8, .palette16: return .indexed(profile.hasLightBackground ? 4 : 6)
        case .palette256: return .indexed(index)
        case .direct: return Self.direct(index)
        }
    }

    /// Text in the accent.
    var accent: Style { Style(accentColor, on: .standard, .bold) }

    /// A cell that stands out by its background: the cursor, the current view. Reverse video, so that the glyph has the
    /// background's colour and is legible whatever the theme.
    var cursor: Style { Style(accentColor, on: .standard, [.bold, .reverse]) }

    var mark: Style { Style(.standard, on: .standard, [.bold, .reverse]) }
    var frame: Style { .dim }
    var text: Style { .plain }
    var faint: Style { .dim }
    var strong: Style { .bold }

    /// An error is told by its words and its weight; red only helps.
    var error: Style {
        switch profile.depth {
        case .none: return .bold
        case .palette8, .palette16: return Style(.indexed(1), on: .standard, .bold)
        case .palette256: return Style(.indexed(profile.hasLightBackground ? 160 : 203), on: .standard, .bold)
        case .direct: return Style(Self.direct(profile.hasLightBackground ? 160 : 203), on: .standard, .bold)
        }
    }
}

import Cells

/// The colors of ten classes, for each background and number of colors; nil is the terminal's own foreground.
///
/// Of 256 colors and more each table was chosen by search: the least distance between any two (CIEDE2000) is 15.9 on dark,
/// 11.2 on light and 10.9 where the background is not known, over full color vision, protanopia, deuteranopia and tritanopia
/// (simulated after Machado et al. 2009). Contrast (WCAG's) is at least 4.5:1 against a background that is known, and at
/// least 3:1 against black as well as white where it is not: no color reaches 4.6:1 against both. Digits that are often taken
/// for each other, 4 and 9 or 3 and 5, have colors farther apart.
///
/// Terminals of 16 or 8 colors leave the hue to the person's theme. Colors below 3:1 on xterm's palette are left out, and so
/// some classes share one: those that are seldom neighbors. Their digits tell them apart.
enum ClassColors {
    static let onDark: [UInt8] = [180, 132, 65, 98, 111, 46, 195, 230, 145, 196]
    static let onLight: [UInt8] = [29, 20, 23, 160, 63, 16, 90, 88, 96, 17]
    static let onEither: [UInt8] = [197, 132, 126, 105, 29, 58, 103, 64, 138, 93]

    static let sixteenOnDark: [UInt8?] = [6, 14, 9, 7, 12, 13, 10, 11, 3, 2]
    static let sixteenOnLight: [UInt8?] = [5, 9, 1, 8, 0, 5, 1, 4, 12, 13]
    static let sixteenOnEither: [UInt8?] = [nil, 12, 9, 5, 8, 1, 12, 1, 13, nil]

    static let eightOnDark: [UInt8?] = [6, 7, 2, 5, 5, 3, 7, 3, 2, 6]
    static let eightOnLight: [UInt8?] = [4, 1, 5, nil, 5, 1, nil, 4, 4, nil]
    static let eightOnEither: [UInt8?] = [nil, 5, 1, 5, 1, nil, 5, nil, 1, 5]

    /// The color of a class on a terminal.
    static func color(of class10: Int, on profile: TerminalProfile) -> Color {
        let (many, sixteen, eight) =
            switch profile.background {
            case .dark: (onDark, sixteenOnDark, eightOnDark)
            case .light: (onLight, sixteenOnLight, eightOnLight)
            case nil: (onEither, sixteenOnEither, eightOnEither)
            }
        switch profile.depth {
        case .none: return .standard
        case .palette8: return eight[class10].map(Color.indexed) ?? .standard
        case .palette16: return sixteen[class10].map(Color.indexed) ?? .standard
        case .palette256, .direct: return color(many[class10], profile.depth)
        }
    }

    /// An entry of the 256 palette's color cube, as direct color where there is.
    static func color(_ index: UInt8, _ depth: ColorDepth) -> Color {
        guard depth == .direct else { return .indexed(index) }
        let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
        let cube = Int(index) - 16
        return .rgb(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    }
}

import Platform

/// What the environment's names give away about a terminal.
struct TerminalKind {
    let term: String
    private let environment: [String: String]

    init(_ environment: [String: String]) {
        self.environment = environment
        term = environment["TERM"] ?? ""
    }

    /// `TERM` without what follows its first hyphen.
    private var family: Substring { term.prefix { $0 != "-" } }

    var isLinuxConsole: Bool { family == "linux" }
    var isScreen: Bool { family == "screen" || family.hasPrefix("screen.") }
    var isTmux: Bool { family == "tmux" }
    var isMultiplexed: Bool { isScreen || isTmux || isSet("TMUX") || isSet("STY") }

    /// A console or a real terminal: no private modes, no mouse.
    var isHardware: Bool { isLinuxConsole || isVideoTerminal || family == "ansi" || family == "cons25" }
    private var isVideoTerminal: Bool {
        family.hasPrefix("vt") && family.dropFirst(2).first.map { $0.isNumber } == true
    }

    /// Names that only terminals with direct colours carry; unlike `COLORTERM`, a name travels over ssh.
    var isKnownDirect: Bool {
        let names: Set = [
            "xterm-kitty", "xterm-ghostty", "ghostty", "foot", "foot-extra", "alacritty", "wezterm", "contour", "rio",
        ]
        return names.contains(term)
    }

    var isKitty: Bool { term == "xterm-kitty" || (!isMultiplexed && isSet("KITTY_WINDOW_ID")) }

    /// The terminal's name if it is known to draw sextants and braille itself. The variables are those of the
    /// terminal in which a multiplexer was once started, so inside one they say nothing.
    var drawsSextants: String? {
        switch term {
        case "xterm-kitty": return "kitty"
        case "xterm-ghostty", "ghostty": return "Ghostty"
        case "foot", "foot-extra": return "foot"
        case "wezterm": return "WezTerm"
        case "contour": return "Contour"
        default: break
        }
        guard !isMultiplexed, family == "xterm" else { return nil }
        if isSet("KITTY_WINDOW_ID") { return "kitty" }
        if isSet("WEZTERM_PANE") { return "WezTerm" }
        if environment["TERM_PROGRAM"] == "ghostty" { return "Ghostty" }
        // 0.62 was the first of VTE's stable series with the glyphs of Unicode 13.
        if let version = environment["VTE_VERSION"].flatMap({ Int($0) }), version >= 6200 { return "VTE" }
        return nil
    }

    /// Whether a question to the terminal is answered, or swallowed: some that know only a part of ECMA-48 would print it.
    /// GNU screen hands OSC 11 on, again with each redisplay, and the answer to whatever runs in it then.
    var takesQuestions: Bool {
        if isScreen, !isSet("TMUX") { return false }
        if isSet("STY") { return false }
        let families: Set<Substring> = [
            "xterm", "rxvt", "tmux", "screen", "konsole", "vte", "gnome", "st", "stterm", "foot", "alacritty", "kitty",
            "wezterm", "contour", "ghostty", "rio", "mlterm", "mintty", "iterm", "iterm2", "nsterm", "putty", "ms",
        ]
        return families.contains(family)
    }

    /// Whether a variable holds something.
    func isSet(_ name: String) -> Bool { environment[name]?.isEmpty == false }
}

extension Terminal {
    /// The environment's variables that detection looks at, those that are set: the caller that opens a terminal passes these,
    /// or all.
    public static var environment: [String: String] {
        let names = [
            "TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "TMUX", "STY", "TERM_PROGRAM",
            "KITTY_WINDOW_ID", "WEZTERM_PANE", "VTE_VERSION", "SSH_CONNECTION",
        ]
        var variables: [String: String] = [:]
        for name in names { variables[name] = environmentVariable(name) }
        return variables
    }
}

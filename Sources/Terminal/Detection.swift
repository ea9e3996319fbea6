import Cells

/// What is known about a terminal, and why: a pure function of the facts and of what was asked for.
public struct Detection: Hashable, Sendable {
    public var profile: TerminalProfile
    /// Which terminal description curses is to use.
    public var entry: EntryChoice
    /// Box drawing characters are to be shown as `+`, `-` and `|`.
    public var drawsASCIIBorders: Bool
    /// Whether the terminal is of the kind that reports the mouse by xterm's private modes.
    public var hasMouse: Bool
    /// Whether private modes it does not know are ignored by it, as by all that descend from xterm.
    public var ignoresUnknownModes: Bool
    /// kitty shows a background that equals its default one as transparent: pure black moves by one step.
    public var nudgesBlack: Bool
    /// Whether the terminal may be asked questions: it answers them, or swallows them.
    public var takesQuestions: Bool
    /// What was decided, and on which evidence.
    public var findings: [TerminalFinding]
    private let isMultiplexed: Bool

    public enum EntryChoice: Hashable, Sendable {
        /// The system's own, as `TERM` names it.
        case system
        /// One of ours (``PrivateEntry``): the system's offers fewer colors than there are.
        case own(ColorDepth)
    }

    /// - Throws: ``TerminalError`` where nothing can be drawn.
    public init(_ facts: TerminalFacts, options: TerminalOptions) throws(TerminalError) {
        let kind = TerminalKind(facts.environment)
        let entry = try Self.usableEntry(facts, kind)
        let (depth, depthReason) = Self.depth(kind, entry, facts.environment, options.color)
        let (glyphs, glyphReason) = Self.glyphs(kind, facts, options)
        let (background, backgroundReason) = Self.background(kind, facts.environment, options.background)
        let (ratio, ratioReason) = Self.cellRatio(facts.window, options.cellRatio)
        profile = TerminalProfile(depth: depth, glyphs: glyphs, background: background, cellRatio: ratio)
        self.entry = Self.choice(depth, entry, isInDatabase: facts.entry != nil)
        drawsASCIIBorders = options.borders == .ascii || glyphs == .ascii
        ignoresUnknownModes = !kind.isHardware
        hasMouse = options.mouse && !kind.isHardware
        nudgesBlack = depth == .direct && kind.isKitty
        takesQuestions = kind.takesQuestions
        isMultiplexed = kind.isMultiplexed
        findings = [
            TerminalFinding("colors", depth.words, depthReason),
            TerminalFinding("glyphs", glyphs.words, glyphReason),
            TerminalFinding("background", background?.rawValue ?? "unknown", backgroundReason),
            TerminalFinding("cell ratio", "\(ratio)", ratioReason),
        ]
        findings += Self.facts(facts, kind, self)
    }

    /// Takes in what the terminal says its background is, where nothing else told.
    ///
    /// - Returns: whether anything is known now that was not before.
    mutating func learn(background color: SIMD3<Double>) -> Bool {
        guard profile.background == nil else { return false }
        guard !isMultiplexed || color != .zero else {
            note(
                "background", "unknown", "black is what a multiplexer may answer for any terminal, so colors suit both")
            return false
        }
        let background = TerminalBackground(color)
        profile.background = background
        let digits = [color.x, color.y, color.z].map { value in
            let digits = String(Int(value * 255 + 0.5), radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }
        note("background", background.rawValue, "the terminal answers #\(digits.joined()) (OSC 11)")
        return true
    }

    /// Takes in how many columns a character of ambiguous width takes.
    ///
    /// - Returns: whether lines and blocks cannot be used, and with them nothing beyond ASCII.
    mutating func learn(ambiguousWidth columns: Int) -> Bool {
        note("ambiguous width", "\(columns)", "where the cursor stands after ▄")
        guard columns == 2, profile.glyphs != .ascii else { return false }
        profile.glyphs = .ascii
        drawsASCIIBorders = true
        note("glyphs", profile.glyphs.words, "lines and blocks are two columns wide here")
        return true
    }

    /// The terminal was asked about its background, and says nothing.
    mutating func noteSilence() {
        note("background", "unknown", "the terminal does not answer (OSC 11), so colors suit both")
    }

    private mutating func note(_ name: String, _ value: String, _ reason: String) {
        let finding = TerminalFinding(name, value, reason)
        if let place = findings.firstIndex(where: { $0.name == name }) {
            findings[place] = finding
        } else {
            findings.append(finding)
        }
    }

    private static func usableEntry(
        _ facts: TerminalFacts, _ kind: TerminalKind
    ) throws(TerminalError) -> TerminalFacts.Entry {
        guard facts.inputIsTerminal else { throw .notATerminal(.input) }
        guard facts.outputIsTerminal else { throw .notATerminal(.output) }
        guard !kind.term.isEmpty else { throw .noType }
        guard let entry = facts.entry else {
            // Terminals whose description seldom travels over ssh, and which understand all that xterm does.
            guard kind.isKnownDirect else { throw .unknownType(kind.term) }
            return TerminalFacts.Entry(colors: 256)
        }
        guard entry.canMoveCursor else { throw .cannotMoveCursor(kind.term) }
        return entry
    }

    private static func depth(
        _ kind: TerminalKind, _ entry: TerminalFacts.Entry, _ environment: [String: String],
        _ choice: TerminalOptions.ColorChoice
    ) -> (ColorDepth, String) {
        switch choice {
        case .never: return (.none, "asked for")
        case .palette16: return (.palette16, "asked for")
        case .palette256: return (.palette256, "asked for")
        case .direct: return (.direct, "asked for")
        case .auto: break
        }
        if let value = environment["NO_COLOR"], !value.isEmpty { return (.none, "NO_COLOR is set") }
        if let reason = directReason(kind, entry, environment) { return (.direct, reason) }
        let evidence = "terminfo says \(max(entry.colors, 0)) for TERM=\(kind.term)"
        return switch entry.colors {
        case 256...: (.palette256, evidence)
        case 16...: (.palette16, evidence)
        case 8...: (.palette8, evidence)
        default: (.none, evidence)
        }
    }

    /// The evidence for direct colors; nil where there is none, or where it is known to be wrong.
    private static func directReason(
        _ kind: TerminalKind, _ entry: TerminalFacts.Entry, _ environment: [String: String]
    ) -> String? {
        // GNU screen reads the numbers of a direct colour as attributes, whatever the terminal around it can do.
        guard !kind.isScreen, !kind.isHardware, entry.colors >= 8 else { return nil }
        if entry.isDirect { return "terminfo says so for TERM=\(kind.term)" }
        if kind.isTmux { return "tmux reduces them itself where the terminal around it cannot show them" }
        if kind.isKnownDirect { return "TERM=\(kind.term) is known for them" }
        // Inside a multiplexer TERM decides: COLORTERM is often inherited from a terminal that it stands in.
        if !kind.isMultiplexed, let value = environment["COLORTERM"],
            ["truecolor", "24bit"].contains(value.lowercased())
        {
            return "COLORTERM=\(value)"
        }
        return nil
    }

    private static func choice(
        _ depth: ColorDepth, _ entry: TerminalFacts.Entry, isInDatabase: Bool
    ) -> EntryChoice {
        guard isInDatabase else { return .own(depth == .none ? .palette8 : depth) }
        return switch depth {
        case .direct: .own(.direct)
        case .palette256 where entry.colors < 256 || entry.isDirect: .own(.palette256)
        case .palette16 where entry.colors < 16 || entry.isDirect: .own(.palette16)
        default: .system
        }
    }

    private static func glyphs(
        _ kind: TerminalKind, _ facts: TerminalFacts, _ options: TerminalOptions
    ) -> (GlyphRepertoire, String) {
        if options.asciiGlyphs { return (.ascii, "asked for") }
        if !facts.isUTF8 { return (.ascii, "the locale is not UTF-8") }
        if kind.isLinuxConsole { return (.console, "the Linux console has no more") }
        if let name = kind.drawsSextants { return (.full, "\(name) draws them itself") }
        return (.blocks, "nothing is known about sextants in this terminal's font")
    }

    private static func background(
        _ kind: TerminalKind, _ environment: [String: String], _ choice: TerminalBackground?
    ) -> (TerminalBackground?, String) {
        if let choice { return (choice, "asked for") }
        if let value = environment["COLORFGBG"], let last = value.split(separator: ";").last,
            let index = Int(last), (0...15).contains(index)
        {
            // 7 and the bright ones but gray: what rxvt, Konsole and iTerm2 mean by a light background.
            let background: TerminalBackground = index == 7 || index > 8 ? .light : .dark
            return (background, "COLORFGBG=\(value)")
        }
        if kind.isLinuxConsole { return (.dark, "the Linux console is black") }
        return (nil, "nothing tells, so colors suit both")
    }

    private static func cellRatio(
        _ window: TerminalFacts.Window?, _ choice: Double?
    ) -> (Double, String) {
        if let choice, choice > 0, choice.isFinite { return (choice, "asked for") }
        if let ratio = window?.cellRatio { return (ratio, "from the window's pixels") }
        return (2, "the terminal tells no pixels")
    }
}

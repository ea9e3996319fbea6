import Cells

/// The part of the findings that decides nothing by itself.
extension Detection {
    static func facts(_ facts: TerminalFacts, _ kind: TerminalKind, _ detection: Detection) -> [TerminalFinding] {
        let environment = facts.environment
        func variable(_ name: String) -> TerminalFinding? {
            environment[name].map { TerminalFinding(name, $0.isEmpty ? "empty" : $0, "the environment") }
        }
        let encoding = ["LC_ALL", "LC_CTYPE", "LANG"].first { environment[$0]?.isEmpty == false }
        let locale = encoding.map { "\($0)=\(environment[$0] ?? "")" } ?? "no variable names a locale"
        var findings = [
            variable("TERM"), variable("COLORTERM"), variable("COLORFGBG"), variable("NO_COLOR"),
            variable("TERM_PROGRAM"),
            TerminalFinding("UTF-8", facts.isUTF8 ? "yes" : "no", locale),
            TerminalFinding("inside", inside(kind), "TERM, TMUX, STY and SSH_CONNECTION"),
            TerminalFinding(
                "description", detection.entry == .system ? "the system's" : "our own",
                facts.entry.map { "terminfo says \(max(0, $0.colors)) colors" } ?? "terminfo does not know it"),
            TerminalFinding(
                "mouse", detection.hasMouse ? "on" : "off",
                detection.hasMouse ? "SGR reports with drag" : kind.isHardware ? "a console has none" : "asked for"),
            TerminalFinding(
                "synchronized output", detection.ignoresUnknownModes ? "sent" : "not sent",
                detection.ignoresUnknownModes ? "unknown modes are ignored" : "a console might print it"),
            TerminalFinding(
                "questions", detection.takesQuestions ? "asked" : "not asked",
                detection.takesQuestions
                    ? "background and width, after the first frame" : "\(kind.term) might print them or their answers"),
            TerminalFinding("borders", detection.drawsASCIIBorders ? "+-|" : "lines", "--borders and the glyphs"),
        ].compactMap(\.self)
        if let window = facts.window {
            let pixels = window.pixelWidth > 0 ? "\(window.pixelWidth)×\(window.pixelHeight) pixels" : "no pixels told"
            findings.append(TerminalFinding("size", "\(window.columns)×\(window.rows)", pixels))
        }
        return findings
    }

    private static func inside(_ kind: TerminalKind) -> String {
        let around = [
            kind.isTmux || kind.isSet("TMUX") ? "tmux" : nil, kind.isSet("STY") ? "GNU screen" : nil,
            kind.isSet("SSH_CONNECTION") ? "ssh" : nil,
        ].compactMap(\.self)
        return around.isEmpty ? "nothing" : around.joined(separator: ", ")
    }
}

extension ColorDepth {
    /// How many colors, as a person says it.
    var words: String {
        switch self {
        case .none: "none"
        case .palette8: "8"
        case .palette16: "16"
        case .palette256: "256"
        case .direct: "direct"
        }
    }
}

extension GlyphRepertoire {
    var words: String {
        switch self {
        case .ascii: "ASCII"
        case .console: "half blocks and shades"
        case .blocks: "blocks"
        case .full: "blocks, sextants and braille"
        }
    }
}

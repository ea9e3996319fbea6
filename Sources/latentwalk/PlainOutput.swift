import Cells
import Platform
import Terminal

/// What standard output can show, where no screen is held: a terminal that scrolls, a pipe, a file.
enum PlainOutput {
    /// Colors only where a terminal reads them or they were asked for; glyphs by the locale.
    static func profile(_ options: TerminalOptions) -> TerminalProfile {
        profile(options, environment: Terminal.environment, isTerminal: isatty(STDOUT_FILENO) == 1)
    }

    static func profile(
        _ options: TerminalOptions, environment: [String: String], isTerminal: Bool
    ) -> TerminalProfile {
        var (options, environment) = (options, environment)
        let term = environment["TERM"] ?? ""
        if options.color == .auto, !isTerminal || term.isEmpty || term == "dumb" { options.color = .never }
        // A file or a pipe is no particular terminal: nothing but the locale speaks for or against a glyph.
        if !isTerminal || term.isEmpty { environment["TERM"] = "xterm" }
        let facts = TerminalFacts(
            environment: environment, entry: .init(colors: term.contains("256color") ? 256 : 8),
            isUTF8: isUTF8(environment))
        if let detection = try? Detection(facts, options: options) { return detection.profile }
        return TerminalProfile(depth: .none, glyphs: .ascii)
    }

    private static let localeNames = ["LC_ALL", "LC_CTYPE", "LANG"]

    /// The first variable that is set decides, as POSIX has it.
    private static func isUTF8(_ environment: [String: String]) -> Bool {
        let locale = localeNames.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let lowered = locale.lowercased()
        return lowered.contains("utf-8") || lowered.contains("utf8")
    }
}

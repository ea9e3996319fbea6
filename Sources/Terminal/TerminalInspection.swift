import Cells
import Platform

/// What can be found out about a terminal without taking it: for a report that is printed.
public struct TerminalInspection: Sendable {
    public let findings: [TerminalFinding]
    /// What the terminal shows; nil where no screen can be held on it.
    public let profile: TerminalProfile?
    /// How wide it is; nil where that is not known.
    public let columns: Int?

    /// Asks the terminal about its background where it may be asked, and waits for its answer a moment.
    public init(options: TerminalOptions, environment: [String: String]) {
        let term = environment["TERM"] ?? ""
        let isUTF8 = CharacterEncoding.activate(environment)
        var facts = TerminalFacts(environment, TerminalDescription(term: term), isUTF8: isUTF8)
        let streams = [("input", facts.inputIsTerminal), ("output", facts.outputIsTerminal)].map { name, isTerminal in
            TerminalFinding(
                "standard \(name)", isTerminal ? "a terminal" : "not a terminal",
                isTerminal ? "isatty says so" : "a pipe or a file; what follows is by the environment")
        }
        let isTerminal = facts.inputIsTerminal && facts.outputIsTerminal
        (facts.inputIsTerminal, facts.outputIsTerminal) = (true, true)
        columns = facts.window?.columns
        do throws(TerminalError) {
            var detection = try Detection(facts, options: options)
            if isTerminal, detection.takesQuestions, detection.profile.background == nil {
                if let color = Self.askBackground(isUTF8: isUTF8) {
                    _ = detection.learn(background: color)
                } else {
                    detection.noteSilence()
                }
            }
            findings = streams + detection.findings
            profile = detection.profile
        } catch {
            findings =
                streams + [
                    TerminalFinding("TERM", term.isEmpty ? "empty" : term, "the environment"),
                    TerminalFinding("screen", "none", "\(error)"),
                ]
            profile = nil
        }
    }

    private static let patience = Duration.milliseconds(300)

    /// Asks with the terminal's echo off, so that the answer is not seen.
    private static func askBackground(isUTF8: Bool) -> SIMD3<Double>? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var raw = before
        cfmakeraw(&raw)
        guard tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0 else { return nil }
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        var decoder = InputDecoder(isUTF8: isUTF8)
        decoder.expect(.background, at: .now)
        writeAll(TerminalQuestion.background.sequence.utf8, to: STDOUT_FILENO)
        let end = ContinuousClock.now.advanced(by: patience)
        while let bytes = readInput(until: end) {
            _ = decoder.decode(bytes, at: .now)
            for case .background(let color) in decoder.takeAnswers() { return color }
        }
        return nil
    }
}

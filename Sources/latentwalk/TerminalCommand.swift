import ArgumentParser
import Cells
import Explorer
import JSON
import Platform
import Terminal

/// `latentwalk terminal`: what was found out about this terminal, and a card to look at.
struct TerminalCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk terminal"),
        Example("latentwalk terminal --color 16"),
        Example("latentwalk terminal --json"),
    ]

    static let configuration = CommandConfiguration(
        commandName: "terminal",
        abstract: "Print what was found out about this terminal and why, and a test card.",
        discussion: help(
            """
            For a report of something that looks wrong. Samples whose colors or glyphs are not as their words say are the \
            terminal's or its font's doing. In a pipe it tells what the environment says, without colors unless --color \
            asks for them.
            """)
    )

    @OptionGroup
    var screen: ScreenOptions

    @Flag(help: "Print JSON: what was found out, without the card.")
    var json = false

    func run() throws {
        let inspection = TerminalInspection(options: screen.terminalOptions, environment: Terminal.environment)
        let report = TerminalReport(inspection.findings, remembered: remembered)
        var profile = PlainOutput.profile(screen.terminalOptions)
        profile.background = remembered ?? inspection.profile?.background ?? profile.background
        guard !json else { return try StandardOutput.write(Self.json(report, profile).indentedText + "\n") }
        let width = min(TerminalReport.columns, inspection.columns ?? TerminalReport.columns)
        let canvas = report.canvas(profile, width: width)
        // A file is plain unless colors were asked for.
        let isPlain = profile.depth == .none && isatty(STDOUT_FILENO) == 0
        try StandardOutput.write(isPlain ? canvas.text + "\n" : ANSIText.lines(of: canvas).map { $0 + "\n" }.joined())
    }

    /// What was said of the background in the explorer, unless an option says something for this time.
    private var remembered: TerminalBackground? {
        screen.drawing.background == nil ? PreferencesFile.read()?.background : nil
    }

    private static func json(_ report: TerminalReport, _ profile: TerminalProfile) -> JSONValue {
        var object = JSONObject()
        for finding in report.findings + TerminalReport.bytes(on: profile) {
            _ = object.insert(
                .object(["value": .string(finding.value), "reason": .string(finding.reason)]), named: finding.name)
        }
        return .object(object)
    }
}

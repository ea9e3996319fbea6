import Cells
import Shading

/// What was found out about a terminal, with a card to look at: the same on the explorer's screen and on paper.
public struct TerminalReport: Hashable, Sendable {
    public let findings: [TerminalFinding]

    /// - Parameter remembered: what was said of the background in an earlier session, which goes before what was found out.
    public init(_ findings: [TerminalFinding], remembered: TerminalBackground? = nil) {
        self.findings = findings.map { finding in
            guard let remembered, finding.name == "background" else { return finding }
            return TerminalFinding(
                finding.name, remembered.rawValue,
                "said with :background; without it \(finding.value): \(finding.reason)")
        }
    }

    private static let nameColumns = 21
    private static let valueColumns = 16
    /// Nothing is wider; what is narrower cuts reasons and samples.
    public static let columns = 100

    /// - Parameter frame: the present screen, whose size in bytes is reported; nil on paper.
    func lines(_ theme: Theme, palette: Palette, width: Int, frame: Canvas?) -> [[Span]] {
        func padded(_ text: String, _ columns: Int) -> String {
            text + String(repeating: " ", count: max(1, columns - text.unicodeScalars.count))
        }
        let found = (findings + Self.bytes(theme, palette, frame)).flatMap { finding -> [[Span]] in
            let value = padded(cellText(finding.value), Self.valueColumns)
            let indent = Self.nameColumns + Self.valueColumns
            let parts = wrapped(cellText(finding.reason), to: max(20, width - indent - 1))
            return parts.enumerated().map { number, part in
                number > 0
                    ? [Span(String(repeating: " ", count: indent) + part, theme.faint)]
                    : [
                        Span(padded(finding.name, Self.nameColumns), theme.text), Span(value, theme.strong),
                        Span(part, theme.faint),
                    ]
            }
        }
        let card = TestCard(theme: theme, palette: palette, isOnScreen: frame != nil)
        return [[Span("found out", theme.accent)]] + found + [[]] + card.lines
    }

    /// The report on a canvas of its own, for printing.
    public func canvas(_ profile: TerminalProfile, width: Int) -> Canvas {
        let theme = Theme(profile: profile, borders: .line)
        let lines = lines(theme, palette: .gray, width: width, frame: nil)
        var canvas = Canvas(Size(columns: width, rows: lines.count))
        for (row, line) in lines.enumerated() { canvas.write(line, column: 0, row: row, width: width) }
        return canvas
    }

    /// How many bytes it takes to draw things whole; moving about sends what changes alone.
    public static func bytes(on profile: TerminalProfile) -> [TerminalFinding] {
        bytes(Theme(profile: profile, borders: .line), .gray, nil)
    }

    private static func bytes(_ theme: Theme, _ palette: Palette, _ frame: Canvas?) -> [TerminalFinding] {
        func count(_ canvas: Canvas) -> String {
            Typography(glyphs: .blocks, borders: .line).count(
                ANSIText.lines(of: canvas).reduce(0) { $0 + $1.utf8.count + 1 })
        }
        let times = theme.typography.times
        var findings = [
            TerminalFinding(
                "bytes of a picture", count(TestCard(theme: theme, palette: palette).picture),
                "28\(times)14 cells drawn whole; a step sends about a third of it")
        ]
        if let frame {
            findings.append(
                TerminalFinding(
                    "bytes of a frame", count(frame),
                    "this screen of \(frame.size.columns)\(times)\(frame.size.rows) drawn whole; a frame sends what has changed"
                ))
        }
        return findings
    }
}

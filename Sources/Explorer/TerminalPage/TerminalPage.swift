import Cells
import Shading

/// `:terminal`: the report over the screen, scrolled where it is longer.
struct TerminalPage: Hashable, Sendable {
    let report: TerminalReport
    /// The first line that is seen.
    var offset = 0

    /// What the lines depend on.
    private struct Key: Hashable {
        let size: Size
        let theme: Theme
        let palette: Palette
    }

    private var key: Key?
    private var lines: [[Span]] = []

    init(_ report: TerminalReport) { self.report = report }

    private static func width(_ state: State) -> Int { max(1, min(TerminalReport.columns, state.size.columns - 4)) }
    fileprivate static func rows(_ state: State) -> Int { max(1, state.size.rows - 4) }

    /// Draws the lines anew where they have changed.
    fileprivate mutating func refresh(_ state: State) {
        let key = Key(size: state.size, theme: state.theme, palette: state.preferences.palette)
        guard key != self.key else { return }
        self.key = key
        // The frame whose bytes are told is the one beneath the page.
        var beneath = state
        beneath.terminalPage = nil
        lines = report.lines(
            state.theme, palette: key.palette, width: Self.width(state), frame: Screen.canvas(of: beneath))
    }

    fileprivate func lastOffset(_ state: State) -> Int { max(0, lines.count - Self.rows(state)) }

    func draw(_ state: State, into canvas: inout Canvas) {
        let width = Self.width(state)
        let rows = min(lines.count, Self.rows(state))
        let offset = max(0, min(offset, lines.count - rows))
        let pane = Rect(
            column: (canvas.size.columns - width - 4) / 2, row: 1, columns: width + 4, rows: rows + 2)
        canvas.fill(pane)
        let words =
            rows == lines.count
            ? "q closes" : "\(offset + 1)-\(offset + rows) of \(lines.count), arrows scroll, q closes"
        canvas.frame(pane, title: "terminal", values: words, theme: state.theme)
        for (number, line) in lines.dropFirst(offset).prefix(rows).enumerated() {
            canvas.write(line, column: pane.column + 2, row: pane.row + 1 + number, width: width)
        }
    }
}

extension State {
    mutating func refreshTerminalPage() {
        guard var page = terminalPage else { return }
        page.refresh(self)
        terminalPage = page
    }

    /// - Returns: nil where the key does what it does elsewhere.
    mutating func pressInTerminalPage(_ key: Key) -> [Effect]? {
        guard let page = terminalPage else { return nil }
        switch PageKey(key, from: page.offset, rows: TerminalPage.rows(self), last: page.lastOffset(self)) {
        case .close: terminalPage = nil
        case .scroll(let line): terminalPage?.offset = line
        case .pass: return nil
        case .leave:
            terminalPage = nil
            return nil
        }
        return []
    }
}

import Cells

/// The commands and words that a line being typed may become, above the bottom line.
struct CandidateList {
    private let candidates: [Completion.Candidate]
    private let theme: Theme

    private static let most = 10
    private static let columns = 46

    /// - Returns: nil where there is nothing to show.
    init?(_ state: State) {
        guard let completion = state.shared.completion else { return nil }
        let line = state.prompt?.string ?? ""
        // A command that is typed already needs no list of itself.
        candidates = completion.candidates.filter { $0.line != line }
        theme = state.theme
        guard !candidates.isEmpty else { return nil }
    }

    func draw(into canvas: inout Canvas) {
        let rows = min(candidates.count, Self.most, canvas.size.rows - 5)
        guard rows > 0 else { return }
        let pane = Rect(
            column: 0, row: canvas.size.rows - 3 - rows, columns: min(Self.columns, canvas.size.columns), rows: rows + 2
        )
        canvas.fill(pane)
        let rest = candidates.count - rows
        canvas.frame(
            pane, title: "tab completes", values: rest > 0 ? "\(rest) more" : "", theme: theme)
        for (number, candidate) in candidates.prefix(rows).enumerated() {
            let width = pane.columns - 4
            let row = pane.row + 1 + number
            let text = Screen.cut(cellText(candidate.text), to: width, theme)
            let end = canvas.write(text, column: pane.column + 2, row: row, style: theme.strong)
            let gap = max(end + 1, pane.column + 2 + 18)
            canvas.write(
                candidate.help, column: gap, row: row, style: theme.text, width: max(0, pane.column + 2 + width - gap))
        }
    }
}

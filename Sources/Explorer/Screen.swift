import Cells

/// What the state looks like.
public enum Screen {
    /// Draws everything, over every cell of the canvas.
    public static func draw(_ state: State, into canvas: inout Canvas) {
        canvas.fill(Rect(canvas.size))
        guard state.layout != nil else {
            drawTooSmall(state, into: &canvas)
            return
        }
        TopLine(state).line.draw(row: 0, into: &canvas)
        if let words = state.shared.awaited, state.view.card.digit != TrainView.digit {
            let body = Rect(column: 0, row: 1, columns: canvas.size.columns, rows: canvas.size.rows - 2)
            canvas.write(words + ["5 shows the run"], centeredIn: body, theme: state.theme)
        } else {
            state.view.draw(state.shared, into: &canvas)
        }
        if let help = state.help { HelpView(state: state).draw(help, into: &canvas) }
        if let page = state.terminalPage { page.draw(state, into: &canvas) }
        drawBottomLine(state, into: &canvas)
    }

    /// The state on a canvas of its own size.
    public static func canvas(of state: State) -> Canvas {
        var canvas = Canvas(state.size)
        draw(state, into: &canvas)
        return canvas
    }

    private static func drawTooSmall(_ state: State, into canvas: inout Canvas) {
        let (least, times) = (Layout.leastSize, state.theme.typography.times)
        let lines = [
            "latentwalk needs \(least.columns)\(times)\(least.rows) cells,",
            "this terminal has \(state.size.columns)\(times)\(state.size.rows):", "enlarge it, or q to leave.",
        ].flatMap { wrapped($0, to: max(1, state.size.columns)) }
        let shown = lines.prefix(max(1, state.size.rows))
        for (number, line) in shown.enumerated() {
            canvas.write(
                line, column: max(0, (state.size.columns - line.unicodeScalars.count) / 2),
                row: max(0, (state.size.rows - shown.count) / 2) + number, style: .plain)
        }
    }

    private static func drawBottomLine(_ state: State, into canvas: inout Canvas) {
        let row = canvas.size.rows - 1
        let theme = state.theme
        let end = keyLineEnd(state)
        if let progress = progressText(state) {
            canvas.write([Span(progress, theme.text)], endingAt: canvas.size.columns - 1, from: 20, row: row)
        }
        if let prompt = state.prompt {
            drawPrompt(prompt, state, end: end, into: &canvas)
            CandidateList(state)?.draw(into: &canvas)
        } else if let message = state.message {
            drawMessage(message, end: end, theme, into: &canvas)
        } else {
            KeyLine(state, end: end).line.draw(row: row, into: &canvas)
        }
    }

    /// A message that is longer than the line takes the lines above as well: what is to be done stands at its end.
    private static func drawMessage(_ message: Message, end: Int, _ theme: Theme, into canvas: inout Canvas) {
        let lines = wrapped(message.text, to: end - 2)
        let first = max(1, canvas.size.rows - lines.count)
        for (number, line) in lines.prefix(canvas.size.rows - first).enumerated() {
            let row = first + number
            if row < canvas.size.rows - 1 {
                canvas.fill(Rect(column: 0, row: row, columns: canvas.size.columns, rows: 1))
            }
            canvas.write(
                cut(line, to: end - 2, theme), column: 1, row: row, style: message.isError ? theme.error : theme.text)
        }
    }

    /// The line being typed; where it is too long, the part around the cursor.
    private static func drawPrompt(_ prompt: Prompt, _ state: State, end: Int, into canvas: inout Canvas) {
        let theme = state.theme
        let row = canvas.size.rows - 1
        let start = canvas.write(prompt.purpose.sign, column: 1, row: row, style: theme.strong)
        let room = max(1, end - start - 1)
        let hidden = max(0, prompt.cursor - room + 1)
        canvas.write(
            String(String.UnicodeScalarView(prompt.text.dropFirst(hidden))), column: start, row: row, width: room)
        let cursor = start + prompt.cursor - hidden
        canvas[cursor, row] = Cell(canvas[cursor, row].glyph, theme.cursor)
        guard prompt.text.isEmpty else { return }
        canvas.write(
            prompt.purpose.example(state.shared), column: start + 2, row: row, style: theme.faint,
            width: max(0, end - start - 2))
    }

    /// The key that a name on the top line or an entry of the bottom line stands for; nil: there is none.
    static func key(at position: Position, _ state: State) -> Key? {
        guard state.layout != nil else { return nil }
        switch position.row {
        case 0: return TopLine(state).line.key(at: position.column)
        case state.size.rows - 1 where state.message == nil && state.prompt == nil:
            return KeyLine(state, end: keyLineEnd(state)).line.key(at: position.column)
        default: return nil
        }
    }

    /// How far work has come, for the right of the bottom line.
    private static func progressText(_ state: State) -> String? {
        (state.progress ?? state.view.progress(state.shared)).map { text(of: $0, state.theme) }
    }

    /// Where on the bottom line room for keys ends.
    private static func keyLineEnd(_ state: State) -> Int {
        guard let text = progressText(state) else { return state.size.columns }
        let first = state.size.columns - 1 - text.unicodeScalars.count
        return first >= 20 ? first - 2 : state.size.columns - 3
    }

    private static func text(of progress: Progress, _ theme: Theme) -> String {
        let share = "\(Int(progress.share * 100))"
        let padding = String(repeating: " ", count: 3 - share.count)
        let left = progress.remaining.map { "\(Int(max(0, $0.components.seconds))) s left" }
        let words = ["\(cellText(progress.work)) \(padding)\(share) %", left].compactMap { $0 }
        return words.joined(separator: " \(theme.typography.dot) ")
    }

    /// Text that fits into some cells; what is cut away shows.
    static func cut(_ text: String, to width: Int, _ theme: Theme) -> String {
        guard text.unicodeScalars.count > width else { return text }
        let ellipsis = theme.typography.ellipsis
        let kept = text.unicodeScalars.prefix(max(0, width - ellipsis.unicodeScalars.count))
        return String(String.UnicodeScalarView(kept)) + ellipsis
    }
}

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
        drawTopLine(state, into: &canvas)
        if let words = state.shared.awaited, state.view.card.digit != TrainView.digit {
            let body = Rect(column: 0, row: 1, columns: canvas.size.columns, rows: canvas.size.rows - 2)
            canvas.write(words + ["5 shows the run"], centeredIn: body, theme: state.theme)
        } else {
            state.view.draw(state.shared, into: &canvas)
        }
        if let offset = state.helpOffset { HelpView(state: state).draw(offset: offset, into: &canvas) }
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

    private static func drawTopLine(_ state: State, into canvas: inout Canvas) {
        let theme = state.theme
        let name = cellText(name(state))
        // However little room there is: a guess is called one.
        let guess = state.model.guess == nil ? "" : ", guessed"
        let facts = state.view.facts(state.shared)
        let views = viewNames(state)
        let program = [
            Span(" latentwalk", theme.strong), Span(" \(theme.typography.dot) ", theme.faint),
        ]
        let (help, shortHelp) = ("   ? help  q quit ", "   ? help ")
        // What is said besides the views' names, less and less of it: a line is cut by whole parts.
        let attempts: [(left: [Span], right: [Span])] = [
            // What the view says of itself goes where the line is long enough for it and a model's name.
            (program, views + [Span("   \(facts) ", theme.faint)]),
            (program, views + [Span(help, theme.faint)]), (program, views + [Span(shortHelp, theme.faint)]),
            ([Span(" ")], views + [Span(shortHelp, theme.faint)]), ([Span(" ")], views),
            ([Span(" ")], viewDigits(state) + [Span(help, theme.faint)]), ([Span(" ")], viewDigits(state)),
        ]
        func columns(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + $1.columns } }
        let room = min(name.unicodeScalars.count, 24) + guess.count + 1
        let (left, right) =
            attempts.dropFirst(facts.isEmpty ? 1 : 0).first {
                columns($0.left) + room + columns($0.right) <= canvas.size.columns
            } ?? attempts[attempts.count - 1]
        let start = canvas.write(left, column: 0, row: 0)
        let end = canvas.write(right, endingAt: canvas.size.columns, from: start, row: 0)
        canvas.write(cut(name, to: end - start - guess.count - 1, theme) + guess, column: start, row: 0)
    }

    private static func viewNames(_ state: State) -> [Span] {
        Views.cards.map { card in
            let name = "\(card.digit) \(card.title)"
            return card == state.view.card
                ? Span("[\(name)]", state.theme.accent) : Span(" \(name) ", state.theme.text)
        }
    }

    /// The name of the present view, and of the others their keys.
    private static func viewDigits(_ state: State) -> [Span] {
        Views.cards.map { card in
            card == state.view.card
                ? Span("[\(card.digit) \(card.title)]", state.theme.accent) : Span(" \(card.digit) ", state.theme.text)
        }
    }

    /// The model's, and of which moment it is while it learns.
    private static func name(_ state: State) -> String {
        let name = [state.model.name, state.model.condition].compactMap(\.self).joined(separator: ", ")
        guard let moment = state.shared[TrainView.self].moment, state.view.card != TrainView.card else { return name }
        return "\(name), \(moment)"
    }

    private static func drawBottomLine(_ state: State, into canvas: inout Canvas) {
        let row = canvas.size.rows - 1
        let theme = state.theme
        var end = canvas.size.columns
        if let progress = state.progress ?? state.view.progress(state.shared) {
            end = canvas.write([Span(text(of: progress, theme), theme.text)], endingAt: end - 1, from: 20, row: row) - 2
        }
        if let prompt = state.prompt {
            drawPrompt(prompt, state, end: end, into: &canvas)
        } else if let message = state.message {
            drawMessage(message, end: end, theme, into: &canvas)
        } else {
            drawHints(state, end: end, into: &canvas)
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

    /// The keys, the most useful first, as many whole entries as fit.
    private static func drawHints(_ state: State, end: Int, into canvas: inout Canvas) {
        var column = 1
        let status = state.view.status(state.shared)
        if !status.isEmpty { column = canvas.write(status, column: 1, row: canvas.size.rows - 1) + 3 }
        for note in [KeyNote](of: state.view, state.shared) {
            guard let hint = note.hint else { continue }
            let label = note.label(state.theme.typography)
            let spans = [
                Span(label, state.theme.text),
                Span(" " + hint.replacing("×", with: state.theme.typography.times), state.theme.faint),
            ]
            guard column + spans.reduce(0, { $0 + $1.columns }) <= end else { return }
            column = canvas.write(spans, column: column, row: canvas.size.rows - 1) + 2
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

import Cells

/// The first line: the model, the views with the present one marked, how to get help and how to leave.
struct TopLine {
    private(set) var line = KeyedLine()

    private typealias Entry = (spans: [Span], key: Key?)

    init(_ state: State) {
        let theme = state.theme
        let name = cellText(Self.name(state))
        // However little room there is: a guess is called one.
        let guess = state.model.guess == nil ? "" : ", guessed"
        let facts = state.view.facts(state.shared)
        let views = Self.viewNames(state)
        let program = [
            Span(" latentwalk", theme.strong), Span(" \(theme.typography.dot) ", theme.faint),
        ]
        let help: [Entry] = [
            ([Span("   ? help", theme.faint)], .character("?")), ([Span("  q quit ", theme.faint)], .character("q")),
        ]
        let shortHelp: [Entry] = [
            ([Span("  ? help", theme.faint)], .character("?")), ([Span(" q ", theme.faint)], .character("q")),
        ]
        let words: [Entry] = facts.isEmpty ? [] : [([Span("   \(facts)", theme.faint)], nil)]
        // What is said besides the present view, help and leaving, less and less of it: a line is cut by whole parts.
        let attempts: [(left: [Span], right: [Entry])] = [
            // What the view says of itself goes where the line is long enough for it and a model's name.
            (program, views + words + help), (program, views + help), ([Span(" ")], views + help),
            ([Span(" ")], views + shortHelp), ([Span(" ")], Self.viewDigits(state) + help),
            ([Span(" ")], Self.viewDigits(state) + shortHelp),
        ]
        func columns(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + $1.columns } }
        func columns(_ entries: [Entry]) -> Int { entries.reduce(0) { $0 + columns($1.spans) } }
        let room = min(name.unicodeScalars.count, 24) + guess.count + 1
        let width = state.size.columns
        let (left, right) =
            attempts.first { columns($0.left) + room + columns($0.right) <= width } ?? attempts[attempts.count - 1]
        let first = max(1, width - columns(right))
        let start = columns(left)
        line.append(left, at: 0)
        let shown = Screen.cut(name, to: max(0, first - start - guess.count - 1), theme) + guess
        line.append([Span(shown)], at: start)
        var column = first
        for entry in right {
            line.append(entry.spans, at: column, for: entry.key)
            column += columns(entry.spans)
        }
    }

    private static func viewNames(_ state: State) -> [Entry] {
        Views.cards.map { card in
            let name = "\(card.digit) \(card.title)"
            return (
                [
                    card == state.view.card
                        ? Span("[\(name)]", state.theme.accent) : Span(" \(name) ", state.theme.text)
                ], key(of: card)
            )
        }
    }

    /// The name of the present view, and of the others their keys.
    private static func viewDigits(_ state: State) -> [Entry] {
        Views.cards.map { card in
            (
                [
                    card == state.view.card
                        ? Span("[\(card.digit) \(card.title)]", state.theme.accent)
                        : Span(" \(card.digit) ", state.theme.text)
                ], key(of: card)
            )
        }
    }

    private static func key(of card: ViewCard) -> Key { .character(Unicode.Scalar(UInt8(0x30 + card.digit))) }

    /// The model's, and of which moment it is while it learns.
    private static func name(_ state: State) -> String {
        let name = [state.model.name, state.model.condition].compactMap(\.self).joined(separator: ", ")
        guard let moment = state.shared[TrainView.self].moment, state.view.card != TrainView.card else { return name }
        return "\(name), \(moment)"
    }
}

/// The last line: what the view says of itself, and its keys, the most useful first, as many whole entries as fit.
struct KeyLine {
    private(set) var line = KeyedLine()

    init(_ state: State, end: Int) {
        var column = 1
        let status = state.view.status(state.shared)
        if !status.isEmpty {
            line.append(status, at: column)
            column = line.end + 3
        }
        for note in [KeyNote](of: state.view, state.shared) {
            guard let hint = note.hint else { continue }
            let label = note.label(state.theme.typography)
            let spans = [
                Span(label, state.theme.text),
                Span(" " + hint.replacing("×", with: state.theme.typography.times), state.theme.faint),
            ]
            guard column + spans.reduce(0, { $0 + $1.columns }) <= end else { return }
            // Where there are several keys, none is meant.
            line.append(spans, at: column, for: note.pressable)
            column = line.end + 2
        }
    }
}

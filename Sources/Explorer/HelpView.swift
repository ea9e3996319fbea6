import Cells

/// What is seen of the help.
struct HelpPlace: Hashable, Sendable {
    enum Page: String, Hashable, Sendable {
        case keys
        /// What the words and numbers of the view mean.
        case terms = "what it says"
    }

    var page = Page.keys
    /// The first line that is seen.
    var offset = 0
}

/// The help's lines for a screen: themes of keys in columns, commands, and a sample of each shading; or the words and numbers
/// of the view.
struct HelpContent {
    private let state: State
    /// All lines, each as wide as the panel's inside.
    let lines: [[Span]]
    /// How many of them are visible at once.
    let visibleRows: Int
    let columns: Int

    /// Width of one column of entries: keys, words, a gap.
    private static let keyColumns = 11
    private static let commandColumns = 17
    private static let entryColumns = 38

    init(_ state: State, _ page: HelpPlace.Page = .keys) {
        self.state = state
        guard page == .keys else {
            columns = min(state.size.columns - 4, Self.termColumns)
            visibleRows = max(1, state.size.rows - 4)
            lines = Self.terms(state, columns: columns)
            return
        }
        let columnCount = max(1, min(3, (state.size.columns - 4) / Self.entryColumns))
        columns = min(state.size.columns - 4, columnCount * (Self.entryColumns + (state.size.columns >= 100 ? 6 : 0)))
        visibleRows = max(1, state.size.rows - 4)
        let groups = Self.groups(state)
        let width = columns / columnCount
        let cut = groups.map { group in
            // A blank is left before the next column.
            group.map { $0.cut(to: columnCount > 1 ? width - 1 : width, ellipsis: state.theme.typography.ellipsis) }
        }
        let airy = Self.laidOut(cut, columns: columnCount, width: width, gap: 1)
        lines = airy.count <= visibleRows ? airy : Self.laidOut(cut, columns: columnCount, width: width, gap: 0)
    }

    var lastOffset: Int { max(0, lines.count - visibleRows) }

    private static let termColumns = 96
    private static let termNameColumns = 17

    /// Each term's name, and what it means in as many lines as that takes.
    private static func terms(_ state: State, columns: Int) -> [[Span]] {
        let type = state.theme.typography
        return state.view.terms.flatMap { term -> [[Span]] in
            let name = type.worded(term.name)
            let gap = String(repeating: " ", count: max(1, termNameColumns - name.unicodeScalars.count))
            let lines = wrapped(type.worded(term.meaning), to: max(10, columns - termNameColumns))
            return lines.enumerated().map { number, line in
                number == 0
                    ? [Span(name, state.theme.strong), Span(gap + line, state.theme.text)]
                    : [Span(String(repeating: " ", count: termNameColumns) + line, state.theme.text)]
            }
        }
    }

    private static func groups(_ state: State) -> [[[Span]]] {
        let (type, theme) = (state.theme.typography, state.theme)
        func entry(_ keys: String, _ words: String, _ columns: Int = keyColumns) -> [Span] {
            let gap = String(repeating: " ", count: max(1, columns - keys.unicodeScalars.count))
            return [Span(keys, theme.strong), Span(gap + words, theme.text)]
        }
        let bindings = [KeyNote](of: state.view, state.shared)
        let keys = KeyNote.Topic.allCases.map { topic in
            [[Span(topic.rawValue, theme.accent)]]
                + bindings.filter { $0.topic == topic }.map { entry($0.label(type), $0.help) }
        }
        .filter { $0.count > 1 }
        let commands =
            [[Span("commands", theme.accent)]]
            + CommandTable.definitions.map { entry($0.usage, $0.help, commandColumns) }
        let samples =
            [[Span("shadings", theme.accent)]]
            + ShadingSamples.lines(state.preferences.palette, theme, keyColumns: keyColumns)
        return keys.dropLast() + [samples] + keys.suffix(1) + [commands]
    }

    /// Groups one below the other, in columns of about the same height, none of them broken.
    private static func laidOut(_ groups: [[[Span]]], columns: Int, width: Int, gap: Int) -> [[Span]] {
        let total = groups.reduce(0) { $0 + $1.count + gap }
        var filled: [[[Span]]] = [[]]
        for group in groups {
            let isFull = (filled[filled.count - 1].count + group.count / 2) * columns >= total
            if isFull && filled.count < columns { filled.append([]) }
            if gap > 0, !filled[filled.count - 1].isEmpty { filled[filled.count - 1].append([]) }
            filled[filled.count - 1] += group
        }
        return (0..<(filled.map(\.count).max() ?? 0)).map { row in
            filled.flatMap { column -> [Span] in
                let spans = row < column.count ? column[row] : []
                let used = spans.reduce(0) { $0 + $1.columns }
                return spans + [Span(String(repeating: " ", count: max(0, width - used)))]
            }
        }
    }
}

/// The overlay of keys and commands.
struct HelpView {
    let state: State

    func draw(_ place: HelpPlace, into canvas: inout Canvas) {
        let content = HelpContent(state, place.page)
        let rows = min(content.lines.count, content.visibleRows)
        let pane = Rect(
            column: (canvas.size.columns - content.columns - 4) / 2, row: 1 + (content.visibleRows - rows) / 2,
            columns: content.columns + 4, rows: rows + 2)
        canvas.fill(pane)
        let offset = min(content.lastOffset, place.offset)
        let isWhole = rows == content.lines.count
        let part = "\(offset + 1)-\(offset + rows) of \(content.lines.count)"
        let next = place.page == .keys ? "? explains the numbers" : "? closes"
        let words =
            isWhole
            ? [next, "? more"]
            : ["\(part), arrows scroll, \(next)", "\(part), arrows scroll", "arrows scroll"]
        let title = place.page.rawValue
        let room = pane.columns - title.count - 7
        canvas.frame(
            pane, title: title, values: words.first { $0.count <= room } ?? "", theme: state.theme)
        for (number, line) in content.lines.dropFirst(offset).prefix(rows).enumerated() {
            canvas.write(line, column: pane.column + 2, row: pane.row + 1 + number, width: content.columns)
        }
    }
}

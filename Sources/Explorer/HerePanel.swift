import Cells
import Latent

/// What is known of the point: as many lines as there is room for, left out in a fixed order.
struct HerePanel {
    let state: State
    let rect: Rect

    private var theme: Theme { state.theme }
    private var type: Typography { state.theme.typography }

    /// A line, and how readily it is left out: the greater, the sooner.
    private struct Line {
        let rank: Int
        let label: String
        let content: [Span]
    }

    private var isWide: Bool { rect.columns >= 44 }
    private var labelColumns: Int { isWide ? 12 : 11 }
    private var contentColumns: Int { rect.columns - 1 - labelColumns }

    func draw(into canvas: inout Canvas) {
        guard rect.rows > 1 else {
            canvas.write(shortLine, column: rect.column + 1, row: rect.row, width: rect.columns - 1)
            return
        }
        let classLines = classRows
        let lists = classLines.count > 1 && rect.rows >= 3 + classLines.count
        let lines = lists ? lines.filter { $0.label != Self.looksLike } : lines
        let room = rect.rows - (lists ? classLines.count : 0)
        let last = lines.map(\.rank).sorted().prefix(room).last ?? 0
        var row = rect.row
        for line in lines where line.rank <= last {
            canvas.write(line.label, column: rect.column + 1, row: row, style: theme.faint)
            canvas.write(
                line.content, column: rect.column + 1 + labelColumns, row: row, width: contentColumns)
            row += 1
        }
        guard lists else { return }
        row = rect.row + rect.rows - classLines.count
        for (number, content) in classLines.enumerated() {
            if number == 0 {
                canvas.write(Self.looksLike, column: rect.column + 1, row: row, style: theme.faint)
            }
            canvas.write(content, column: rect.column + 1 + labelColumns, row: row + number, width: contentColumns)
        }
    }

    private static let looksLike = "looks like"

    /// In the order in which they stand.
    private var lines: [Line] {
        let logPrior = Span(type.signedColumn(state.explore.point.logPrior, digits: 2, whole: 3))
        var lines = [
            Line(
                rank: 0, label: "z",
                content: isWide ? coordinates + [Span("     log p(z) ", theme.faint), logPrior] : coordinates)
        ]
        if !isWide { lines.append(Line(rank: 3, label: "log p(z)", content: [logPrior, Span(" nats", theme.faint)])) }
        if state.cloud?.labels != nil || state.cloud == nil {
            lines.append(Line(rank: 1, label: Self.looksLike, content: looksLike))
        }
        lines.append(Line(rank: 2, label: "nearest", content: nearest))
        let time = state.picture.map { type.duration($0.duration) } ?? ""
        lines.append(Line(rank: 4, label: isWide ? "decoded in" : "decoded", content: [Span(time)]))
        if let cloud = state.cloud {
            let data = "\(cellText(cloud.name)), \(type.count(cloud.count)) images"
            lines.append(Line(rank: 5, label: "data", content: [Span(Screen.cut(data, to: contentColumns, theme))]))
        }
        lines.append(Line(rank: 6, label: "marks", content: marks))
        return lines
    }

    /// The point alone, for a panel of one line.
    private var shortLine: [Span] {
        [Span("z ", theme.faint)] + coordinates + [
            Span("  log p ", theme.faint),
            Span(type.signedColumn(state.explore.point.logPrior, digits: 2, whole: 2)),
        ]
    }

    /// Two digits behind the point, or as many as tell steps apart; what the latest move changed is bold.
    private var coordinates: [Span] {
        let digits = state.explore.coordinateDigits
        let window = state.explore.wholeWindow
        let greatest = [window.horizontal, window.vertical].flatMap { [abs($0.lowerBound), abs($0.upperBound)] }
            .reduce(0, max)
        let whole = type.unsigned(greatest * 3, digits: 0).count
        return (0..<state.explore.point.count).flatMap { latent in
            let text = type.signedColumn(
                state.explore.point[latent], digits: digits, whole: whole, showsPlus: true)
            let style = state.explore.changed.contains(latent) ? theme.strong : theme.text
            return latent == 0 ? [Span(text, style)] : [Span(" "), Span(text, style)]
        }
    }

    // MARK: What the data say

    private var sortedShares: [(label: UInt8, share: Float)] {
        state.reading.shares.map { (label: $0.key, share: $0.value) }
            .sorted { ($0.share, $1.label) > ($1.share, $0.label) }
    }

    /// The greatest shares, each with its bar in a place of its own.
    private var looksLike: [Span] {
        let shares = sortedShares
        guard !shares.isEmpty else {
            return [Span(state.cloud == nil ? "no data" : "no data near", theme.faint)]
        }
        let slots = max(1, contentColumns / (isWide ? 14 : 8))
        let width = contentColumns / slots
        return shares.prefix(slots).filter { $0.share >= 0.005 }.flatMap { entry -> [Span] in
            let bar = type.bar(entry.share, width: width - 3)
            let style = theme.classStyle(entry.label)
            return [
                Span("\(State.classMark(entry.label)) ", theme.classStyle(entry.label, .strong)), Span(bar, style),
                Span(String(repeating: " ", count: max(0, width - 2 - bar.unicodeScalars.count))),
            ]
        }
    }

    /// Every class in a line of its own, always in the same one.
    private var classRows: [[Span]] {
        guard let classes = state.cloud?.classes else { return [] }
        let width = contentColumns - 9
        return classes.map { label in
            let share = state.reading.shares[label] ?? 0
            let bar = type.bar(share, width: width)
            let percent = "\(Int((share * 100).rounded()))"
            let style = theme.classStyle(label)
            return [
                Span("\(State.classMark(label)) ", theme.classStyle(label, .strong)), Span(bar, style),
                Span(String(repeating: " ", count: width - bar.unicodeScalars.count)),
                Span(
                    share >= 0.005 ? String(repeating: " ", count: 4 - percent.count) + percent + " %" : "", theme.text),
            ]
        }
    }

    private var nearest: [Span] {
        guard let cloud = state.cloud, let nearest = state.reading.nearest else {
            return [Span("no data", theme.faint)]
        }
        let columns = String(cloud.firstIndex + cloud.count - 1).count
        let number = "#\(cloud.firstIndex + nearest.image)"
        var spans: [Span] = isWide ? [Span(cellText(cloud.name) + " ")] : []
        spans.append(Span(number + String(repeating: " ", count: max(0, columns + 1 - number.count)) + " "))
        if let labels = cloud.labels {
            let label = labels[nearest.image]
            spans.append(Span(type.quoted(String(State.classMark(label))), theme.classStyle(label, .strong)))
        }
        let distance = type.unsigned(nearest.distance, digits: 2)
        spans.append(Span(isWide ? ", \(distance) away" : " \(distance)"))
        return spans
    }

    private var marks: [Span] {
        let marks = state.explore.marks
        guard !marks.isEmpty else { return [Span("none: m sets one", theme.faint)] }
        let texts = marks.map { mark in
            "\(mark.letter) " + mark.point.coordinates.map { type.signed($0, digits: 2) }.joined(separator: " ")
        }
        return [Span(Screen.cut(texts.joined(separator: "  "), to: contentColumns, theme))]
    }
}

extension Typography {
    /// A number in a column: its sign beside its digits, blanks before.
    func signedColumn(_ value: Float, digits: Int, whole: Int, showsPlus: Bool = false) -> String {
        let text = showsPlus ? signed(value, digits: digits) : plain(value, digits: digits)
        let width = 1 + whole + (digits > 0 ? digits + 1 : 0)
        return String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
    }
}

import Cells
import Latent

/// What is known of the point: as many lines as there is room for, left out in a fixed order.
struct HerePanel {
    let shared: Shared
    let rect: Rect
    /// Whether the coordinates stand beside sliders already.
    var hasSliders = false

    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }

    /// What is said of one thing: in one line, and in further ones where there is room.
    private struct Line {
        /// How readily it is left out: the greater, the sooner.
        let rank: Int
        let label: String
        let content: [Span]
        /// Further lines, and how readily those are left out.
        var more: [[Span]] = []
        var moreRank = 9
    }

    private var isWide: Bool { rect.columns >= 40 }
    private var labelColumns: Int { isWide ? 12 : 11 }
    private var contentColumns: Int { rect.columns - 1 - labelColumns }

    func draw(into canvas: inout Canvas) {
        guard rect.rows > 1 || hasSliders else {
            canvas.write(shortLine, column: rect.column + 1, row: rect.row, width: rect.columns - 1)
            return
        }
        let classLines = classRows
        let lists = classLines.count > 1 && rect.rows >= 3 + classLines.count && shared.explore.point.label == nil
        let lines = lists ? lines.filter { $0.label != Self.looksLike } : lines
        let rows = chosen(lines, room: rect.rows - (lists ? classLines.count : 0))
        for (number, row) in rows.enumerated() {
            canvas.write(row.label, column: rect.column + 1, row: rect.row + number, style: theme.faint)
            canvas.write(
                row.content, column: rect.column + 1 + labelColumns, row: rect.row + number, width: contentColumns)
        }
        guard lists else { return }
        let (first, heads) = (rect.row + rect.rows - classLines.count, classHeads)
        for (number, content) in classLines.enumerated() {
            if number < heads.count {
                canvas.write([heads[number]], column: rect.column + 1, row: first + number, width: labelColumns)
            }
            canvas.write(content, column: rect.column + 1 + labelColumns, row: first + number, width: contentColumns)
        }
    }

    /// The lines that fit, those of low ranks first; in their order.
    private func chosen(_ lines: [Line], room: Int) -> [(label: String, content: [Span])] {
        var all: [(rank: Int, label: String, content: [Span])] = []
        for line in lines {
            all.append((line.rank, line.label, line.content))
            all += line.more.map { (line.moreRank, "", $0) }
        }
        let order = all.indices.sorted { (all[$0].rank, $0) < (all[$1].rank, $1) }
        let kept = Set(order.prefix(max(0, room)))
        return all.indices.filter(kept.contains).map { (all[$0].label, all[$0].content) }
    }

    private static let looksLike = "looks like"

    /// In the order in which they stand.
    private var lines: [Line] {
        let logPrior = Span(type.signedColumn(shared.explore.point.logPrior, digits: 2, whole: 3))
        let beside = [Span("     log p(z) ", theme.faint), logPrior]
        let isBeside = contentColumns >= 36 && shared.explore.point.count <= 2
        var lines: [Line] = []
        if !hasSliders {
            let coordinates = pointRows(leaving: isBeside ? 20 : 0)
            if coordinates.count > rect.rows { lines += changedByKeys }
            lines.append(
                Line(
                    rank: 0, label: "z", content: coordinates[0] + (isBeside ? beside : []),
                    more: Array(coordinates.dropFirst()), moreRank: 0))
        }
        if let label = shared.explore.point.label {
            let style = theme.classStyle(UInt8(clamping: label.nearest), .strong)
            let all = [Span("  for all images", theme.faint)]
            lines.append(
                Line(
                    rank: 0, label: "class",
                    content: [Span(shared.classText(label), style)] + (shared.classes.isSet ? all : [])))
        }
        if !isBeside {
            lines.append(Line(rank: 3, label: "log p(z)", content: [logPrior, Span(" nats", theme.faint)]))
        }
        // The point of a conditional model has its class, which the codes say nothing about.
        if shared.explore.point.label == nil, shared.cloud?.labels != nil || shared.cloud == nil {
            lines.append(Line(rank: 1, label: Self.looksLike, content: looksLike))
        }
        lines.append(Line(rank: 2, label: "nearest", content: nearest))
        if !shared[ExploreView.self].stretch.isUnavailable {
            lines.append(Line(rank: 4, label: "stretch", content: stretch))
        }
        let time = shared.picture.map { type.duration($0.duration) } ?? ""
        lines.append(Line(rank: 5, label: isWide ? "decoded in" : "decoded", content: [Span(time)]))
        if let cloud = shared.cloud {
            let data =
                "\(cellText(cloud.name)), \(type.count(cloud.count)) images"
                + (cloud.inference == .refined ? ", refined codes" : "")
            let rows = wrapped(data, to: contentColumns).map { [Span(Screen.cut($0, to: contentColumns, theme))] }
            lines.append(Line(rank: 7, label: "data", content: rows.first ?? [], more: Array(rows.dropFirst())))
        }
        let marks = markRows
        let hasMarks = !shared.explore.marks.isEmpty
        lines.append(Line(rank: hasMarks ? 6 : 8, label: "marks", content: marks[0], more: Array(marks.dropFirst())))
        return lines
    }

    /// Where not all coordinates have room, those that keys change: the plane's two, and the chosen slider's.
    private var changedByKeys: [Line] {
        guard let plane = shared.explore.plane else { return [] }
        let place = plane.coordinates(of: shared.explore.point).coordinates
        var lines = [
            Line(rank: 0, label: shared.axisNames.joined(separator: " "), content: coordinateRows(of: place)[0])
        ]
        let axes = [plane.horizontal, plane.vertical]
        if let chosen = shared[ExploreView.self].sliders.current, !axes.contains(.latent(chosen)) {
            lines.append(
                Line(
                    rank: 0, label: type.latent(chosen), content: coordinateRows(of: [shared.explore.point[chosen]])[0])
            )
        }
        return lines
    }

    /// The point alone, for a panel of one line.
    private var shortLine: [Span] {
        [Span("z ", theme.faint)] + pointRows(leaving: 0)[0] + shared.classSpans(shared.explore.point) + [
            Span("  log p ", theme.faint),
            Span(type.signedColumn(shared.explore.point.logPrior, digits: 2, whole: 2)),
        ]
    }

    /// The point's coordinates; what the latest move changed is bold.
    private func pointRows(leaving columns: Int) -> [[Span]] {
        // More than the panel has cells are not seen anyway.
        let shown = shared.explore.point.coordinates.prefix(rect.rows * rect.columns)
        return coordinateRows(of: Array(shown), bold: shared.explore.changed, leaving: columns)
    }

    /// Two digits behind the point, or as many as tell steps apart. As many coordinates a row as fit.
    private func coordinateRows(of values: [Float], bold: Set<Int> = [], leaving columns: Int = 0) -> [[Span]] {
        let digits = shared.explore.coordinateDigits
        let window = shared.explore.wholeWindow
        let greatest = [window.horizontal, window.vertical].flatMap { [abs($0.lowerBound), abs($0.upperBound)] }
            .reduce(0, max)
        let whole = type.unsigned(greatest * 3, digits: 0).count
        let spans = values.enumerated().map { index, value in
            let text = type.signedColumn(value, digits: digits, whole: whole, showsPlus: true)
            return Span(text, bold.contains(index) ? theme.strong : theme.text)
        }
        return rows(of: spans, width: contentColumns - columns, gap: " ")
    }

    /// Entries side by side, as many in a row as fit, at least one.
    private func rows(of entries: [Span], width: Int, gap: String) -> [[Span]] {
        var (rows, used): ([[Span]], Int) = ([[]], 0)
        for entry in entries {
            if !rows[rows.count - 1].isEmpty, used + gap.count + entry.columns > width {
                rows.append([])
                used = 0
            }
            let spans = rows[rows.count - 1].isEmpty ? [entry] : [Span(gap), entry]
            rows[rows.count - 1] += spans
            used += spans.reduce(0) { $0 + $1.columns }
        }
        return rows
    }

    // MARK: What the data say

    /// What is missing for it.
    private var noData: String { shared.model.hasEncoder ? "no data" : "no encoder" }

    /// The greatest shares, each with its bar and its percentage in a place of its own.
    private var looksLike: [Span] {
        let classes = shared.reading.classes
        guard classes.support != .none else {
            return [Span(shared.cloud == nil ? noData : "no data near", theme.faint)]
        }
        let words = classes.support == .weak ? [Span("few data near: ", theme.strong)] : []
        let room = contentColumns - words.reduce(0) { $0 + $1.columns }
        // A name takes the place of the second class, or of the third.
        let hasNames = classes.parts.contains { shared.name(ofClass: Int($0.label)) != nil }
        let slots = max(1, room / (hasNames ? 22 : isWide ? 14 : 11))
        let width = room / slots
        let parts = classes.parts.prefix(slots).filter { $0.share >= 0.005 }
        return words
            + parts.flatMap { part -> [Span] in
                let name =
                    shared.shortName(ofClass: part.label, columns: max(1, width - 4 - Self.percentColumns - 1)) + " "
                let named = name.unicodeScalars.count
                let bar = type.bar(part.share, width: max(1, width - named - Self.percentColumns - 1))
                let percent = " " + Typography.percent(part.share)
                let used = named + bar.unicodeScalars.count + percent.count
                return [
                    Span(name, theme.classStyle(part.label, .strong)),
                    Span(bar, theme.classStyle(part.label)), Span(percent),
                    Span(String(repeating: " ", count: max(1, width - used))),
                ]
            }
    }

    private static let percentColumns = 6

    /// Every class in a line of its own, always in the same one.
    private var classRows: [[Span]] {
        guard let classes = shared.cloud?.classes else { return [] }
        // Beside the mark, which stands for it on the plane, a class has its name.
        let names = classes.map { label in
            shared.name(ofClass: Int(label)).map { Screen.cut(cellText($0), to: contentColumns / 3, theme) + " " } ?? ""
        }
        let longest = names.map(\.unicodeScalars.count).max() ?? 0
        let width = max(1, contentColumns - 2 - longest - Self.percentColumns - 1)
        return zip(classes, names).map { label, name in
            let share = shared.reading.classes[label]
            let bar = type.bar(share, width: width)
            let percent = " " + Typography.percent(share)
            return [
                Span("\(Shared.classMark(label)) ", theme.classStyle(label, .strong)),
                Span(name + String(repeating: " ", count: longest - name.unicodeScalars.count)),
                Span(bar, theme.classStyle(label)),
                Span(String(repeating: " ", count: width - bar.unicodeScalars.count)),
                Span(
                    share >= 0.005
                        ? String(repeating: " ", count: Self.percentColumns - percent.count) + percent : "", theme.text),
            ]
        }
    }

    /// What stands before the first lines of ``classRows``.
    private var classHeads: [Span] {
        switch shared.reading.classes.support {
        case .full: [Span(Self.looksLike, theme.faint)]
        case .weak:
            [Span(Self.looksLike, theme.faint), Span("(few data", theme.strong), Span("near here)", theme.strong)]
        case .none: [Span(Self.looksLike, theme.faint), Span("no data", theme.faint), Span("near here", theme.faint)]
        }
    }

    private var nearest: [Span] {
        guard let cloud = shared.cloud, let nearest = shared.reading.nearest else {
            return [Span(noData, theme.faint)]
        }
        let columns = String(cloud.firstIndex + cloud.count - 1).count
        let number = "#\(cloud.firstIndex + nearest.image)"
        var spans = [Span(number + String(repeating: " ", count: max(0, columns + 1 - number.count)) + " ")]
        let distance = type.unsigned(nearest.distance, digits: 2)
        var away = isWide ? ", \(distance) away" : " \(distance)"
        if let label = cloud.labels?[nearest.image] {
            // A name is worth more than how far away it is.
            let hasName = shared.name(ofClass: Int(label)) != nil
            if hasName, !isWide { away = "" }
            let room = contentColumns - columns - 2 - 2 - away.count
            let short = shared.shortName(ofClass: label, columns: max(4, room))
            spans.append(Span(type.quoted(short), theme.classStyle(label, .strong)))
        }
        spans.append(Span(away))
        // Its name stands in the line of the data too.
        let name = cellText(cloud.name) + " "
        let used = spans.reduce(name.unicodeScalars.count) { $0 + $1.columns }
        return isWide && used <= contentColumns ? [Span(name)] + spans : spans
    }

    /// How far the image moves for a unit of z in the direction on the plane in which it moves most, and across it.
    private var stretch: [Span] {
        guard let stretch = shared[ExploreView.self].stretch.value else { return [] }
        func column(_ value: Float) -> String {
            let text = type.rounded(value)
            return String(repeating: " ", count: max(0, 3 - text.count)) + text
        }
        let along = column(stretch.along)
        let isPlane = shared.explore.plane != nil
        guard isWide else {
            return [Span(along), Span(isPlane ? "  across \(column(stretch.across))" : " px a unit", theme.faint)]
        }
        let words = " px-units per unit of z"
        let across = isPlane ? ", across \(column(stretch.across))" : ""
        let hasRoom = 3 + words.count + across.count <= contentColumns
        return [Span(along), Span(words + (hasRoom ? across : ""), theme.faint)]
    }

    private var markRows: [[Span]] {
        let marks = shared.explore.marks
        guard !marks.isEmpty else { return [[Span("none: m sets one", theme.faint)]] }
        let entries = marks.map { mark in
            let text =
                "\(mark.letter) "
                + mark.point.coordinates.prefix(contentColumns).map { type.signed($0, digits: 2) }.joined(
                    separator: " ")
                + shared.classSuffix(mark.point)
            return Span(Screen.cut(text, to: contentColumns, theme))
        }
        return rows(of: entries, width: contentColumns, gap: "  ")
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

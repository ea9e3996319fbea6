import Cells

/// A piece of text in one style.
struct Span: Hashable {
    var text: String
    var style: Style

    init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }

    var columns: Int { text.unicodeScalars.count }
}

extension [Span] {
    /// As many as `width` cells hold, the last of them an ellipsis where that is not all.
    func cut(to width: Int, ellipsis: String) -> [Span] {
        guard reduce(0, { $0 + $1.columns }) > width else { return self }
        var room = Swift.max(0, width - ellipsis.unicodeScalars.count)
        var cut = [Span]()
        for span in self {
            let scalars = span.text.unicodeScalars.prefix(room)
            room -= scalars.count
            cut.append(Span(String(String.UnicodeScalarView(scalars)), span.style))
            guard room > 0 else { break }
        }
        return cut + [Span(ellipsis, cut.last?.style ?? .plain)]
    }
}

extension Canvas {
    /// Writes spans one after the other, at most `width` cells.
    ///
    /// - Returns: the column after the last cell written.
    @discardableResult
    mutating func write(_ spans: [Span], column: Int, row: Int, width: Int = .max) -> Int {
        let end = width == .max ? Int.max : column + width
        return spans.reduce(column) { place, span in
            write(span.text, column: place, row: row, style: span.style, width: max(0, end - place))
        }
    }

    /// Writes spans so that they end before `end`; nothing at all where they would begin before `start`.
    ///
    /// - Returns: the column of the first cell written, or `end`.
    @discardableResult
    mutating func write(_ spans: [Span], endingAt end: Int, from start: Int, row: Int) -> Int {
        let first = end - spans.reduce(0) { $0 + $1.columns }
        guard first >= start else { return end }
        write(spans, column: first, row: row)
        return first
    }

    /// A frame around a rectangle's edge, its title in the upper border at the left, values at the right.
    mutating func frame(_ rect: Rect, title: String, values: String = "", theme: Theme) {
        let type = theme.typography
        let (right, bottom) = (rect.column + rect.columns - 1, rect.row + rect.rows - 1)
        rule(row: bottom, rect, left: type.lowerLeft, right: type.lowerRight, theme: theme)
        for row in rect.row + 1..<max(rect.row + 1, bottom) {
            self[rect.column, row] = Cell(type.vertical, theme.frame)
            self[right, row] = Cell(type.vertical, theme.frame)
        }
        rule(row: rect.row, rect, left: type.upperLeft, right: type.upperRight, theme: theme)
        caption(row: rect.row, rect, title: title, values: values, theme: theme)
    }

    /// A frame of heavy lines that marks what lies within it; of its sides, what lies within `bounds`.
    mutating func outline(_ rect: Rect, within bounds: Rect, theme: Theme) {
        let type = theme.typography
        let (right, bottom) = (rect.column + rect.columns - 1, rect.row + rect.rows - 1)
        func set(_ column: Int, _ row: Int, _ glyph: Unicode.Scalar, _ canvas: inout Canvas) {
            guard bounds.contains(Position(column: column, row: row)) else { return }
            canvas[column, row] = Cell(glyph, theme.accent)
        }
        for column in rect.column + 1..<max(rect.column + 1, right) {
            set(column, rect.row, type.heavyHorizontal, &self)
            set(column, bottom, type.heavyHorizontal, &self)
        }
        for row in rect.row + 1..<max(rect.row + 1, bottom) {
            set(rect.column, row, type.heavyVertical, &self)
            set(right, row, type.heavyVertical, &self)
        }
        set(rect.column, rect.row, type.heavyUpperLeft, &self)
        set(right, rect.row, type.heavyUpperRight, &self)
        set(rect.column, bottom, type.heavyLowerLeft, &self)
        set(right, bottom, type.heavyLowerRight, &self)
    }

    /// A line across a frame, with a title of its own, that divides it in two.
    mutating func divider(row: Int, of rect: Rect, title: String, values: String = "", theme: Theme) {
        let type = theme.typography
        rule(row: row, rect, left: type.leftTee, right: type.rightTee, theme: theme)
        caption(row: row, rect, title: title, values: values, theme: theme)
    }

    private mutating func rule(row: Int, _ rect: Rect, left: Unicode.Scalar, right: Unicode.Scalar, theme: Theme) {
        let line = Cell(theme.typography.horizontal, theme.frame)
        fill(Rect(column: rect.column, row: row, columns: rect.columns, rows: 1), with: line)
        self[rect.column, row] = Cell(left, theme.frame)
        self[rect.column + rect.columns - 1, row] = Cell(right, theme.frame)
    }

    /// Words in a line: the title is cut where it must be; values that don't fit beside it are left out.
    ///
    /// - Parameter rect: from border to border.
    mutating func caption(row: Int, _ rect: Rect, title: String, values: String, theme: Theme) {
        let end = rect.column + rect.columns - 1
        let after =
            title.isEmpty
            ? rect.column + 1
            : write(" \(title) ", column: rect.column + 1, row: row, style: theme.text, width: rect.columns - 2)
        guard !values.isEmpty else { return }
        write([Span(" \(values) ", theme.faint)], endingAt: end, from: after + 1, row: row)
    }
}

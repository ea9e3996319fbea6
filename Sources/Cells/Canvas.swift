/// A grid of cells: what a view draws on, what a test compares with a picture in text, what a terminal shows.
///
/// Drawing outside the grid is clipped, so that a view needs no check of its own.
public struct Canvas: Hashable, Sendable {
    public let size: Size
    /// Row by row, `size.columns · size.rows` of them.
    public private(set) var cells: [Cell]

    public init(_ size: Size, filledWith cell: Cell = .blank) {
        self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
        cells = Array(repeating: cell, count: self.size.columns * self.size.rows)
    }

    /// The cell at a place; a blank one outside, where setting does nothing.
    public subscript(column: Int, row: Int) -> Cell {
        get {
            guard isInside(column, row) else { return .blank }
            return cells[row * size.columns + column]
        }
        set {
            guard isInside(column, row) else { return }
            cells[row * size.columns + column] = newValue
        }
    }

    public subscript(position: Position) -> Cell {
        get { self[position.column, position.row] }
        set { self[position.column, position.row] = newValue }
    }

    private func isInside(_ column: Int, _ row: Int) -> Bool {
        column >= 0 && column < size.columns && row >= 0 && row < size.rows
    }

    /// Writes text from a place to the right, one scalar a cell, at most `width` cells.
    ///
    /// - Returns: the column after the last cell written.
    @discardableResult
    public mutating func write(
        _ text: some StringProtocol, column: Int, row: Int, style: Style = .plain, width: Int = .max
    ) -> Int {
        var written = 0
        for scalar in text.unicodeScalars where written < width {
            self[column + written, row] = Cell(scalar, style)
            written += 1
        }
        return column + written
    }

    /// Fills a rectangle with one cell.
    public mutating func fill(_ rect: Rect, with cell: Cell = .blank) {
        for row in rect.row..<rect.row + rect.rows {
            for column in rect.column..<rect.column + rect.columns { self[column, row] = cell }
        }
    }

    /// The glyphs alone, a line a row, without blanks at the ends of lines: for tests and for plain output.
    public var text: String {
        (0..<size.rows).map { row in
            var line = String.UnicodeScalarView()
            for column in 0..<size.columns { line.append(self[column, row].glyph) }
            while line.last == " " { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }
}

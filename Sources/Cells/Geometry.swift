/// An extent in character cells.
public struct Size: Hashable, Sendable {
    public var columns: Int
    public var rows: Int

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// The place of one cell, counted from the upper left corner at (0, 0).
public struct Position: Hashable, Sendable {
    public var column: Int
    public var row: Int

    public init(column: Int, row: Int) {
        self.column = column
        self.row = row
    }
}

/// A rectangle of cells; it may be empty, and it may reach beyond a canvas, which then clips it.
public struct Rect: Hashable, Sendable {
    public var column: Int
    public var row: Int
    public var columns: Int
    public var rows: Int

    public init(column: Int, row: Int, columns: Int, rows: Int) {
        self.column = column
        self.row = row
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }

    public init(_ size: Size) {
        self.init(column: 0, row: 0, columns: size.columns, rows: size.rows)
    }

    public var size: Size { Size(columns: columns, rows: rows) }
    public var isEmpty: Bool { columns == 0 || rows == 0 }

    /// The rectangle without `cells` columns and rows at every side.
    public func inset(by cells: Int) -> Rect {
        Rect(column: column + cells, row: row + cells, columns: columns - 2 * cells, rows: rows - 2 * cells)
    }

    public func intersects(_ other: Rect) -> Bool {
        !isEmpty && !other.isEmpty && column < other.column + other.columns && other.column < column + columns
            && row < other.row + other.rows && other.row < row + rows
    }

    public func contains(_ position: Position) -> Bool {
        position.column >= column && position.column < column + columns
            && position.row >= row && position.row < row + rows
    }
}

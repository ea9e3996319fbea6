import Cells
import Shading

/// Small pictures side by side in a rectangle, in its middle.
struct TileGrid: Hashable, Sendable {
    let across: Int
    let down: Int
    /// Row by row.
    let places: [Rect]

    /// - Parameters:
    ///   - picture: its extents in pixels.
    ///   - rect: where they are to be.
    ///   - room: the most that one of them may take.
    ///   - cellRatio: height of a cell divided by its width.
    init(of picture: (width: Int, height: Int), in rect: Rect, room: Size, cellRatio: Double) {
        let tile = Shader.fittingSize(
            of: picture, in: Size(columns: min(room.columns, rect.columns), rows: min(room.rows, rect.rows)),
            cellRatio: cellRatio)
        self.init(tile: tile, in: rect)
    }

    /// As many tiles of one size as fit, in at most so many rows, with gaps between them.
    init(tile: Size, gap: Size = Size(columns: 0, rows: 0), in rect: Rect, mostRows: Int = .max) {
        let (wide, high) = (max(1, tile.columns + gap.columns), max(1, tile.rows + gap.rows))
        let across = (rect.columns + gap.columns) / wide
        let down = min(mostRows, (rect.rows + gap.rows) / high)
        let left = (rect.columns - across * wide + gap.columns) / 2
        let top = (rect.rows - down * high + gap.rows) / 2
        (self.across, self.down) = (across, down)
        places = (0..<across * down).map { number in
            Rect(
                column: rect.column + left + number % across * wide, row: rect.row + top + number / across * high,
                columns: tile.columns, rows: tile.rows)
        }
    }

    /// As many pictures as fit: large enough to be told apart, small enough to be many.
    static func manifold(of picture: (width: Int, height: Int), in rect: Rect, cellRatio: Double) -> TileGrid {
        let columns = max(leastColumns, min(mostColumns, rect.columns / 9))
        return TileGrid(
            of: picture, in: rect, room: Size(columns: columns, rows: rect.rows), cellRatio: cellRatio)
    }

    private static let leastColumns = 6
    private static let mostColumns = 10
}

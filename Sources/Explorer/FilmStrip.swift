import Cells
import Pictures
import Shading

/// Pictures side by side in one row, as many as fit: evenly chosen among all of them, or those around one.
struct FilmStrip: Hashable, Sendable {
    enum Choice: Hashable, Sendable {
        /// From the first to the last.
        case even
        /// As many before one as behind it.
        case around(Int)
    }

    /// A picture's number, and where it is drawn.
    struct Place: Hashable, Sendable {
        let index: Int
        let rect: Rect
    }

    let places: [Place]

    /// - Parameters:
    ///   - count: number of pictures that there are.
    ///   - picture: extents of one in pixels.
    ///   - rect: where they are to be; its height decides about theirs.
    ///   - gap: columns between two of them.
    init(
        count: Int, of picture: (width: Int, height: Int), in rect: Rect, choosing choice: Choice = .even,
        gap: Int = 0, cellRatio: Double
    ) {
        let tile = Shader.fittingSize(of: picture, in: rect.size, cellRatio: cellRatio)
        let shown = min(count, (rect.columns + gap) / max(1, tile.columns + gap))
        guard shown > 0, tile.rows > 0 else {
            places = []
            return
        }
        let grid = TileGrid(
            tile: Size(columns: tile.columns + gap, rows: tile.rows),
            in: Rect(column: rect.column, row: rect.row, columns: rect.columns + gap, rows: tile.rows))
        // Fewer than fit stand in the middle.
        let shift = (grid.places.count - shown) / 2
        places = (0..<shown).map { place in
            var rect = grid.places[place + shift]
            rect.columns = tile.columns
            return Place(index: Self.index(of: place, of: shown, count: count, choice), rect: rect)
        }
    }

    /// The first pictures in two rows of two, where there is no room for a strip beside something larger.
    init(quarteringFor picture: (width: Int, height: Int), in rect: Rect, cellRatio: Double) {
        let room = Size(columns: rect.columns / 2, rows: rect.rows / 2)
        let grid = TileGrid(of: picture, in: rect, room: room, cellRatio: cellRatio)
        places = grid.places.enumerated().map { Place(index: $0.offset, rect: $0.element) }
    }

    private static func index(of place: Int, of shown: Int, count: Int, _ choice: Choice) -> Int {
        switch choice {
        case .even: return shown < 2 ? 0 : (place * (count - 1) * 2 + shown - 1) / (2 * (shown - 1))
        case .around(let middle): return max(0, min(count - shown, middle - shown / 2)) + place
        }
    }

    /// The column under the middle of a picture, or between those before and behind it where it is not shown itself.
    func column(of index: Int) -> Int? {
        func middle(_ place: Place) -> Int { place.rect.column + (place.rect.columns - 1) / 2 }
        guard let before = places.last(where: { $0.index <= index }) ?? places.first,
            let behind = places.first(where: { $0.index >= index }) ?? places.last
        else { return nil }
        let count = behind.index - before.index
        guard count > 0 else { return middle(before) }
        let way = (middle(behind) - middle(before)) * (index - before.index)
        return middle(before) + (2 * way + count) / (2 * count)
    }
}

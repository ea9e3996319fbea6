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
    init(
        count: Int, of picture: (width: Int, height: Int), in rect: Rect, choosing choice: Choice = .even,
        cellRatio: Double
    ) {
        let tile = Shader.fittingSize(of: picture, in: rect.size, cellRatio: cellRatio)
        let shown = min(count, rect.columns / max(1, tile.columns))
        guard shown > 0, tile.rows > 0 else {
            places = []
            return
        }
        let grid = TileGrid(
            tile: tile, in: Rect(column: rect.column, row: rect.row, columns: rect.columns, rows: tile.rows))
        // Fewer than fit stand in the middle.
        let shift = (grid.places.count - shown) / 2
        places = (0..<shown).map { place in
            Place(index: Self.index(of: place, of: shown, count: count, choice), rect: grid.places[place + shift])
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

    /// The place of the picture with a number, or of the one nearest to it.
    func place(nearest index: Int) -> Rect? {
        places.min { abs($0.index - index) < abs($1.index - index) }?.rect
    }
}

import Cells
import Shading

/// Where everything of the Walk view lies: three columns over a film strip, in one frame.
///
/// The big picture takes the largest whole scale that fits; the columns beside it share the rest. What there is no room
/// for is nil: first the pictures of the ends, then plane, chart and table.
struct WalkLayout: Hashable, Sendable {
    /// The frame, its border included.
    let frame: Rect
    /// The insides of the columns.
    let columns: [Rect]
    /// The inside of the strip, under its divider.
    let film: Rect
    /// Where pictures of the path are shown: one, or one in each column.
    let pictures: [Rect]
    /// The two pictures of each end, those of the start from left to right and then those of the end.
    let ends: [Rect]?
    let plane: Rect?
    let chart: Rect?
    let table: Rect?

    static let leastPlane = Size(columns: 14, rows: 6)
    static let leastChart = Size(columns: 16, rows: 3)
    static let leastTable = Size(columns: 16, rows: 3)
    private static let leastSide = 16
    private static let leastMiddle = 24
    /// Frames of the film are as small as one can still read, so that there are many.
    private static let filmColumns = 16
    private static let leastFilmRows = 4
    /// Smaller pictures of the ends say less than the strip does.
    private static let leastEnd = Size(columns: 8, rows: 4)

    init(size: Size, model: ModelFacts, showsAll: Bool, cellRatio: Double) {
        let picture = (width: model.width, height: model.height)
        func fitting(_ columns: Int, _ rows: Int) -> Size {
            Shader.fittingSize(of: picture, in: Size(columns: columns, rows: rows), cellRatio: cellRatio)
        }
        frame = Rect(column: 0, row: 1, columns: size.columns, rows: size.rows - 2)
        let inside = frame.inset(by: 1)
        func big(over film: Int) -> Size {
            let height = max(0, inside.rows - film - 1)
            guard showsAll else { return fitting(inside.columns - 2 - 2 * Self.leastSide, height) }
            let big = fitting((inside.columns - 2) / 3, height)
            // A little smaller, where that is what the figures below want for.
            let roomy = fitting(big.columns, height - Self.leastTable.rows - 1)
            let isRoomy = height - big.rows - 1 < Self.leastTable.rows && 4 * roomy.columns >= 3 * big.columns
            return isRoomy ? roomy : big
        }
        // Every second, third … pixel is clearer than a size between.
        let part =
            picture.width < Self.filmColumns
            ? Self.filmColumns : picture.width / ((picture.width - 1) / Self.filmColumns + 1)
        let tallest = fitting(part, max(Self.leastFilmRows, inside.rows / 4)).rows
        let least = min(Self.leastFilmRows, tallest)
        let filmRows = (least...tallest).last { big(over: $0).columns == big(over: least).columns } ?? least
        film = Rect(
            column: inside.column, row: inside.row + inside.rows - filmRows, columns: inside.columns, rows: filmRows)
        let height = max(0, inside.rows - filmRows - 1)
        let big = big(over: filmRows)
        let middle = showsAll ? (inside.columns - 2) / 3 : max(big.columns, Self.leastMiddle)
        let left = (inside.columns - 2 - middle) / 2
        let widths = [left, middle, inside.columns - 2 - middle - left]
        columns = widths.indices.map { index in
            Rect(
                column: inside.column + widths.prefix(index).reduce(0, +) + index, row: inside.row,
                columns: widths[index], rows: height)
        }

        var rest = [Rest](columns.map(Rest.init))
        if showsAll {
            let below = height - big.rows - 1
            let shows = below >= Self.leastTable.rows
            pictures = columns.map { Self.middle(big, of: $0, rows: shows ? big.rows : height) }
            ends = nil
            rest = columns.map { Rest($0, without: big.rows) }
            plane = shows ? rest[0].take(below, least: Self.leastPlane) : nil
            table = shows ? rest[1].take(below, least: Self.leastTable) : nil
            chart = shows ? rest[2].take(below, least: Self.leastChart) : nil
            return
        }
        // The table lies under the picture where that leaves room for it, else beside it.
        let isBelow = height - big.rows >= Self.leastTable.rows + 1
        let tableBelow = isBelow ? rest[1].takeLast(Self.leastTable.rows, least: Self.leastTable) : nil
        pictures = [Self.middle(big, of: columns[1], rows: height - (isBelow ? Self.leastTable.rows + 1 : 0))]

        let need = max(
            Self.leastPlane.rows, Self.leastChart.rows + (isBelow ? 0 : Self.leastTable.rows + 1))
        var end = fitting(columns[0].columns / 2, height - 2 - need)
        // Every second or third pixel is clearer than a size between.
        if end.columns < picture.width,
            let part = (2...4).lazy.map({ picture.width / $0 }).first(where: { $0 <= end.columns }),
            part * 8 >= end.columns * 7
        {
            end = fitting(part, end.rows)
        }
        if end.columns >= Self.leastEnd.columns, end.rows >= Self.leastEnd.rows {
            ends = Self.pair(end, in: columns[0]) + Self.pair(end, in: columns[2])
            rest[0] = Rest(columns[0], without: end.rows + 1)
            rest[2] = Rest(columns[2], without: end.rows + 1)
        } else {
            ends = nil
        }
        plane = rest[0].take(.max, least: Self.leastPlane)
        // Where nothing is above it, there is no divider to hold its title: that takes a row of its own.
        let title = rest[2].used == 0 ? 1 : 0
        table = tableBelow ?? rest[2].take(Self.leastTable.rows + title, least: Self.leastTable)
        chart = rest[2].take(.max, least: Self.leastChart)
    }

    /// What of a column is still free; parts are taken from its upper end, a divider before each but the first.
    private struct Rest {
        let column: Rect
        var used: Int
        var left: Int

        init(_ column: Rect) { self.init(column, without: 0) }

        init(_ column: Rect, without rows: Int) {
            self.column = column
            used = rows
            left = column.rows - rows
        }

        mutating func take(_ rows: Int, least: Size) -> Rect? {
            let divider = used == 0 ? 0 : 1
            let rows = min(rows, left - divider)
            guard rows >= least.rows, column.columns >= least.columns else { return nil }
            defer {
                used += divider + rows
                left -= divider + rows
            }
            return Rect(column: column.column, row: column.row + used + divider, columns: column.columns, rows: rows)
        }

        mutating func takeLast(_ rows: Int, least: Size) -> Rect? {
            guard left >= rows + 1, column.columns >= least.columns else { return nil }
            left -= rows + 1
            return Rect(
                column: column.column, row: column.row + column.rows - rows, columns: column.columns, rows: rows)
        }
    }

    /// In the middle of a column's upper rows.
    private static func middle(_ size: Size, of column: Rect, rows: Int) -> Rect {
        Rect(
            column: column.column + (column.columns - size.columns) / 2, row: column.row + max(0, rows - size.rows) / 2,
            columns: size.columns, rows: size.rows)
    }

    /// Two pictures side by side under a line for what they are.
    private static func pair(_ size: Size, in column: Rect) -> [Rect] {
        let gap = max(0, column.columns - 2 * size.columns) / 3
        return [0, 1].map { place in
            Rect(
                column: column.column + gap + place * (size.columns + gap), row: column.row + 1, columns: size.columns,
                rows: size.rows)
        }
    }
}

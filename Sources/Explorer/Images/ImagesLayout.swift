import Cells
import Shading

/// Where everything of the Images view lies: two pictures at the left with numbers and small pictures below, a third
/// picture and the plane at the right. What doesn't fit is left out: the plane and the third picture, then the small
/// pictures, then lines of numbers.
struct ImagesLayout: Hashable, Sendable {
    /// The frame around the two pictures and what is below them.
    let main: Rect
    let first: Rect
    let second: Rect
    let numbers: Rect
    /// Pictures side by side; nil: no room for any.
    let strip: Rect?
    /// A second row of them; nil: one row has to do.
    let lowerStrip: Rect?
    /// The frame at the right; nil: no room for it.
    let side: Rect?
    let third: Rect?
    /// The inside of the plane's part of it.
    let plane: Rect?

    init(size: Size, model: ModelFacts, cellRatio: Double) {
        let body = Rect(column: 0, row: 1, columns: size.columns, rows: max(0, size.rows - 2))
        let picture = (width: model.width, height: model.height)
        let extent = Self.extent(of: picture, in: body.size, cellRatio: cellRatio)
        let pair = 2 * extent.columns + Self.gap
        let hasSide = body.columns - pair - 2 >= Self.leastSide
        main = Rect(
            column: 0, row: body.row, columns: hasSide ? pair + 2 : body.columns, rows: body.rows)
        let left = main.column + (main.columns - pair) / 2
        first = Rect(column: left, row: main.row + 1, columns: extent.columns, rows: extent.rows)
        second = Rect(
            column: left + extent.columns + Self.gap, row: first.row, columns: extent.columns, rows: extent.rows)
        let below = Rect(
            column: main.column + 1, row: first.row + extent.rows + 1, columns: main.columns - 2,
            rows: main.rows - extent.rows - 3)
        (numbers, strip, lowerStrip) = Self.divided(below)
        guard hasSide else {
            (side, third, plane) = (nil, nil, nil)
            return
        }
        let side = Rect(
            column: main.columns, row: body.row, columns: body.columns - main.columns, rows: body.rows)
        let inside = side.inset(by: 1)
        let room = Size(
            columns: inside.columns, rows: min(extent.rows, inside.rows - 1 - Self.leastPlaneRows))
        let small = Shader.fittingSize(of: picture, in: room, cellRatio: cellRatio)
        let hasThird = room.rows >= Self.leastThirdRows
        third =
            hasThird
            ? Rect(
                column: inside.column + (inside.columns - small.columns) / 2, row: inside.row, columns: small.columns,
                rows: small.rows) : nil
        let taken = hasThird ? small.rows + 1 : 0
        plane = Rect(
            column: inside.column, row: inside.row + taken, columns: inside.columns, rows: inside.rows - taken)
        self.side = side
    }

    /// Columns between the two pictures.
    private static let gap = 2
    private static let leastSide = 20
    private static let leastPlaneRows = 12
    private static let leastThirdRows = 6

    /// A whole multiple of the picture's pixels where one leaves room for a third picture of the same size, or at least
    /// for a smaller one, and for a few lines below; else one that leaves a line below; else as large as there is room.
    private static func extent(
        of picture: (width: Int, height: Int), in body: Size, cellRatio: Double
    ) -> Size {
        func extent(across columns: Int, leaving lines: Int) -> Size {
            Shader.fittingSize(
                of: picture, in: Size(columns: columns, rows: body.rows - 3 - lines), cellRatio: cellRatio)
        }
        let pair = body.columns - gap - 2
        let roomy = extent(across: (pair - leastSide) / 2, leaving: stripRows)
        let attempts = [
            extent(across: (pair - 2) / 3, leaving: stripRows), roomy, extent(across: pair / 2, leaving: 1),
        ]
        return attempts.first { $0.columns >= picture.width } ?? roomy
    }

    /// The least rows of small pictures, in which one still sees what they are.
    private static let stripRows = 5
    private static let numberColumns = 27
    private static let numberRows = 6

    /// Numbers beside small pictures where there are few rows, above them where there are more.
    private static func divided(_ below: Rect) -> (numbers: Rect, strip: Rect?, lowerStrip: Rect?) {
        // So low that several fit side by side.
        let tallest = max(stripRows, below.columns / 8)
        guard below.rows >= numberRows + 1 + stripRows else {
            guard below.rows >= stripRows, below.columns >= numberColumns + 1 + 2 * stripRows else {
                return (below, nil, nil)
            }
            var (numbers, strip) = (below, below)
            numbers.columns = numberColumns
            strip.column += numberColumns + 1
            strip.columns -= numberColumns + 1
            strip.rows = min(strip.rows, tallest)
            return (numbers, strip, nil)
        }
        var (numbers, strip) = (below, below)
        numbers.rows = numberRows
        strip.row += numberRows + 1
        strip.rows -= numberRows + 1
        guard strip.rows >= 2 * stripRows + 1 else {
            strip.rows = min(strip.rows, tallest)
            return (numbers, strip, nil)
        }
        strip.rows = min(tallest, (strip.rows - 1) / 2)
        var lower = strip
        lower.row += strip.rows + 1
        return (numbers, strip, lower)
    }

    /// Whether the small pictures lie below the numbers, with a line between.
    var isStacked: Bool { strip.map { $0.row > numbers.row } ?? false }
}

extension ImagesLayout {
    init(_ shared: Shared) {
        self.init(size: shared.size, model: shared.model, cellRatio: shared.theme.profile.cellRatio)
    }
}

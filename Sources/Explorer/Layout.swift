import Cells
import Shading

/// Where everything of the Explore view lies on a screen of some size.
struct Layout: Hashable, Sendable {
    /// Below this there is no room for a digit one to one beside a plane of the same width.
    static let leastSize = Size(columns: 60, rows: 20)

    /// The frame of the plane, its border included.
    let planePane: Rect
    /// The frame that holds picture and "here", its border included.
    let picturePane: Rect
    /// The decoded picture itself.
    let picture: Rect
    /// The lines of "here"; empty where there is no room for any.
    let here: Rect

    /// The plane without its border.
    var plane: Rect { planePane.inset(by: 1) }

    /// - Parameter widest: cells that the picture may be wide; nil: as many as there is room for.
    /// - Returns: nil where the screen is too small.
    init?(size: Size, model: ModelFacts, cellRatio: Double, widest asked: Int? = nil) {
        guard size.columns >= Self.leastSize.columns, size.rows >= Self.leastSize.rows else { return nil }
        let innerRows = size.rows - 4
        let room = size.columns - 4 - max(Self.leastPlaneColumns, size.columns * 2 / 5)
        let widest = min(room, max(1, asked ?? room))
        let extent = Self.pictureExtent(
            of: model, within: Size(columns: widest, rows: innerRows), cellRatio: cellRatio)
        let column = max(extent.columns, Self.leastHereColumns)
        picturePane = Rect(
            column: size.columns - column - 2, row: 1, columns: column + 2, rows: size.rows - 2)
        planePane = Rect(column: 0, row: 1, columns: size.columns - column - 2, rows: size.rows - 2)
        picture = Rect(
            column: picturePane.column + 1 + (column - extent.columns) / 2, row: 2, columns: extent.columns,
            rows: extent.rows)
        let hereRow = picture.row + picture.rows + 1
        here = Rect(
            column: picturePane.column + 1, row: hereRow, columns: column, rows: size.rows - 2 - hereRow)
    }

    private static let leastPlaneColumns = 28
    private static let leastHereColumns = 28
    /// Enlarged, a picture leaves these lines to "here"; one to one it leaves one.
    private static let hereLines = 5

    /// The picture's extent in cells: enlarged by a whole number where "here" keeps its lines; one to one where that
    /// leaves one line at least; else as large as there is room.
    private static func pictureExtent(of model: ModelFacts, within room: Size, cellRatio: Double) -> Size {
        func extent(leaving lines: Int) -> Size {
            Shader.fittingSize(
                of: (model.width, model.height), in: Size(columns: room.columns, rows: room.rows - 1 - lines),
                cellRatio: cellRatio)
        }
        let roomy = extent(leaving: hereLines)
        guard roomy.columns < model.width else { return roomy }
        let tight = extent(leaving: 1)
        return tight.columns >= model.width ? tight : roomy
    }
}

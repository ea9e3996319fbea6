import Cells
import Shading

/// Where everything of the Train view lies.
///
/// What is left out where there is no room, in this order: the plane, the chart of the parts, the strip of images, the
/// second line of the health, the second line of the progress.
struct TrainLayout: Hashable, Sendable {
    /// Frames, their borders included; nil: left out.
    let loss: Rect
    let parts: Rect?
    let plane: Rect?
    let manifold: Rect
    let strip: Rect?
    /// The lines of the health: below a divider of the loss's frame.
    let health: Rect
    /// One line or two below the frames.
    let progress: Rect

    /// - Parameters:
    ///   - size: of the whole screen, not smaller than ``Layout/leastSize``.
    ///   - hasPlane: whether there are two latents.
    init(size: Size, cellRatio: Double, hasPlane: Bool) {
        let progressRows = size.rows >= 22 ? 2 : 1
        progress = Rect(column: 0, row: size.rows - 1 - progressRows, columns: size.columns, rows: progressRows)
        let body = Rect(column: 0, row: 1, columns: size.columns, rows: size.rows - 2 - progressRows)
        let right = min(size.columns * 2 / 5, Int(Double(body.rows) * cellRatio) + 2)
        let left = Rect(column: 0, row: body.row, columns: body.columns - right, rows: body.rows)
        // The manifold is a square; what is left below it shows images.
        let square = Int((Double(right - 2) / cellRatio).rounded()) + 2
        let stripRows = body.rows - square
        let hasStrip = stripRows >= Self.leastStripRows
        manifold = Rect(
            column: left.columns, row: body.row, columns: right, rows: hasStrip ? square : body.rows)
        strip =
            hasStrip ? Rect(column: left.columns, row: body.row + square, columns: right, rows: stripRows) : nil
        let healthRows = size.rows >= 22 ? 2 : 1
        let lowerRows = left.rows >= Self.rowsForParts ? left.rows * 2 / 5 : 0
        let upper = Rect(column: 0, row: body.row, columns: left.columns, rows: left.rows - lowerRows)
        loss = upper
        health = Rect(
            column: 1, row: upper.row + upper.rows - 1 - healthRows, columns: upper.columns - 2, rows: healthRows)
        let planeColumns = min(left.columns / 2, Int(Double(lowerRows - 2) * cellRatio * 1.4) + 2)
        let hasSecond = hasPlane && lowerRows > 0 && left.columns - planeColumns >= Self.leastPartsColumns
        plane =
            hasSecond
            ? Rect(
                column: left.columns - planeColumns, row: upper.row + upper.rows, columns: planeColumns, rows: lowerRows
            )
            : nil
        parts =
            lowerRows > 0
            ? Rect(
                column: 0, row: upper.row + upper.rows, columns: left.columns - (hasSecond ? planeColumns : 0),
                rows: lowerRows)
            : nil
    }

    private static let leastStripRows = 8
    private static let rowsForParts = 28
    private static let leastPartsColumns = 34

    /// The chart of the losses, above the divider of the health.
    var chart: Rect {
        Rect(column: 1, row: loss.row + 1, columns: loss.columns - 2, rows: health.row - 1 - (loss.row + 1))
    }
}

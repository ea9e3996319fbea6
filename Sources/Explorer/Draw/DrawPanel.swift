import Cells

/// What is shown of the pen.
enum DrawPanel {
    static func status(_ drawing: Drawing?, _ shared: Shared) -> [Span] {
        guard let drawing else { return [] }
        let tool = drawing.isErasing ? "eraser" : "brush"
        return [Span("\(tool) \(drawing.isPenDown ? "down" : "up")", shared.theme.strong)]
    }

    /// Where the pen is: a cross, and a dot while it draws. A line shows how far the pad reaches.
    static func drawPen(_ drawing: Drawing, _ shared: Shared, rect: Rect, into canvas: inout Canvas) {
        let position = Position(
            column: rect.column + (2 * drawing.column + 1) * rect.columns / (2 * drawing.pad.width),
            row: rect.row + (2 * drawing.row + 1) * rect.rows / (2 * drawing.pad.height))
        let type = shared.theme.typography
        for row in rect.row..<rect.row + rect.rows {
            canvas[rect.column + rect.columns, row] = Cell(type.vertical, shared.theme.frame)
        }
        canvas[position] = Cell(drawing.isPenDown ? type.trailDot : type.cross, shared.theme.cursor)
    }
}

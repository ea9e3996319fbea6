import Cells
import Latent

/// After a dive a small map in a corner: the whole plane with its codes, and where one is.
extension ManifoldView {
    /// Where it lies, with its border, in a corner that leaves the framed tile free; nil where the whole is seen already, or
    /// there is no plane.
    func insetPane(_ shared: Shared) -> Rect? {
        let (layout, window) = (layout(shared), shared.explore.wholeWindow)
        let whole = layout.whole(window, scale: own.scale)
        guard shared.explore.plane != nil, firstClass(shared) == nil, whole.step.x > 1.01 * frame(shared).step.x,
            let cursor = cursorTile(shared)
        else { return nil }
        let body = layout.body
        let columns = max(14, min(36, body.columns / 5))
        let proportion = Double(window.span.1 / window.span.0) / shared.theme.profile.cellRatio
        let rows = max(5, min(body.rows / 3, Int((Double(columns - 2) * proportion).rounded()) + 2))
        let right = Rect(column: body.column + body.columns - columns, row: body.row, columns: columns, rows: rows)
        let left = Rect(column: body.column, row: body.row, columns: columns, rows: rows)
        return right.intersects(cursor.inset(by: -1)) ? left : right
    }

    mutating func refreshInset(_ shared: Shared) {
        guard let pane = insetPane(shared) else { return }
        own.inset.refresh(shared, grid: shared.planeGrid(in: pane.inset(by: 1)))
    }

    func drawInset(_ shared: Shared, into canvas: inout Canvas) {
        guard let pane = insetPane(shared) else { return }
        canvas.fill(pane)
        canvas.frame(pane, title: "whole plane", theme: shared.theme)
        let rect = pane.inset(by: 1)
        own.inset.draw(into: &canvas, rect: rect)
        let (frame, half, window) = (frame(shared), layout(shared).extents / 2, shared.explore.wholeWindow)
        let (low, high) = (
            frame.coordinates(of: frame.place(right: -half.x, up: -half.y)),
            frame.coordinates(of: frame.place(right: half.x, up: half.y))
        )
        PlaneOverlay(shared: shared, grid: shared.planeGrid(in: rect), rect: rect).show(
            Self.range(low.x, high.x, within: window.horizontal), Self.range(low.y, high.y, within: window.vertical),
            into: &canvas)
    }

    /// At the ends of the prior's quantiles are places that lie nowhere.
    private static func range(_ low: Float, _ high: Float, within whole: ClosedRange<Float>) -> ClosedRange<Float> {
        let start = max(whole.lowerBound, min(whole.upperBound, low))
        return start...max(start, min(whole.upperBound, high))
    }
}

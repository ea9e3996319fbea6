import Cells
import Latent

/// After a dive a small map in a corner: the whole plane with its codes, and where one is.
struct ManifoldInset {
    private let shared: Shared
    private let layout: ManifoldLayout
    private let frame: ManifoldFrame
    /// With its border.
    let pane: Rect

    /// Codes that are drawn.
    private static let mostCodes = 2_000
    private static let leastBody = Size(columns: 60, rows: 18)

    /// - Parameter cursor: the framed tile, which the map leaves free.
    /// - Returns: nil where the whole is seen already, or there is no plane.
    init?(_ shared: Shared, _ layout: ManifoldLayout, _ frame: ManifoldFrame, cursor: Rect) {
        let whole = layout.whole(shared.explore.wholeWindow, scale: frame.scale)
        guard shared.explore.plane != nil, whole.step.x > 1.01 * frame.step.x else {
            return nil
        }
        (self.shared, self.layout, self.frame) = (shared, layout, frame)
        let body = layout.body
        let columns = max(14, min(36, body.columns / 5))
        let window = shared.explore.wholeWindow
        let proportion = Double(window.span.1 / window.span.0) / shared.theme.profile.cellRatio
        let rows = max(5, min(body.rows / 3, Int((Double(columns - 2) * proportion).rounded()) + 2))
        let right = Rect(column: body.column + body.columns - columns, row: body.row, columns: columns, rows: rows)
        let left = Rect(column: body.column, row: body.row, columns: columns, rows: rows)
        let around = Rect(
            column: cursor.column - 1, row: cursor.row - 1, columns: cursor.columns + 2, rows: cursor.rows + 2)
        pane = right.intersects(around) ? left : right
    }

    func draw(into canvas: inout Canvas) {
        let theme = shared.theme
        canvas.fill(pane)
        canvas.frame(pane, title: "whole plane", theme: theme)
        let inner = pane.inset(by: 1)
        if let codes = shared.codes {
            for image in evenlyThinned(codes.count, to: Self.mostCodes) {
                guard let cell = cell(of: SIMD2(codes.means[2 * image], codes.means[2 * image + 1]), in: inner) else {
                    continue
                }
                let label = codes.labels?[image]
                canvas[cell.column, cell.row] = Cell(
                    theme.typography.gridDot, label.map { theme.classStyle($0, .regular) } ?? theme.faint)
            }
        }
        let half = layout.extents / 2
        let corners = [-half, half].map { frame.coordinates(of: frame.place(right: $0.x, up: $0.y)) }
        guard let low = cell(of: corners[0], in: inner, clamps: true),
            let high = cell(of: corners[1], in: inner, clamps: true)
        else { return }
        for column in low.column...max(low.column, high.column) {
            for row in min(high.row, low.row)...low.row
            where [low.column, high.column].contains(column) || [low.row, high.row].contains(row) {
                canvas[column, row] = Cell(canvas[column, row].glyph, theme.cursor)
            }
        }
    }

    /// Where coordinates of the plane lie on the map; nil: outside.
    private func cell(of place: SIMD2<Float>, in inner: Rect, clamps: Bool = false) -> Position? {
        let window = shared.explore.wholeWindow
        let across = (place.x - window.horizontal.lowerBound) / window.span.0
        let up = (place.y - window.vertical.lowerBound) / window.span.1
        guard across.isFinite, up.isFinite, clamps || (0..<1).contains(across) && (0..<1).contains(up) else {
            return nil
        }
        let column = Int(max(0, min(0.999, across)) * Float(inner.columns))
        let row = Int((1 - max(0.001, min(1, up))) * Float(inner.rows))
        return Position(column: inner.column + column, row: inner.row + row)
    }
}

import Cells
import Latent

/// The latent plane, or the line of a model of one latent: background, grid, axes, trail, marks and the cross-hair, in this
/// order.
struct PlanePanel {
    let shared: Shared
    let grid: PlaneGrid
    /// The frame around the plane.
    let pane: Rect

    private var rect: Rect { pane.inset(by: 1) }
    private var isLine: Bool { shared.explore.plane == nil }
    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }

    func draw(into canvas: inout Canvas) {
        drawBackground(into: &canvas)
        drawGrid(into: &canvas)
        drawLegend(into: &canvas)
        drawAxisNumbers(into: &canvas)
        drawTrail(into: &canvas)
        drawMarks(into: &canvas)
        drawCrosshair(into: &canvas)
        drawWords(into: &canvas)
    }

    private func drawBackground(into canvas: inout Canvas) {
        guard !isLine else { return drawHistogram(into: &canvas) }
        let image = shared.background.canvas
        guard image.size == rect.size else { return }
        for row in 0..<rect.rows {
            for column in 0..<rect.columns { canvas[rect.column + column, rect.row + row] = image[column, row] }
        }
    }

    private func drawHistogram(into canvas: inout Canvas) {
        guard let cloud = shared.cloud, cloud.count > 0 else { return }
        let axis = rect.row + grid.row(of: 0)
        let block = type.bar(1, width: 1).unicodeScalars.first ?? "#"
        let columns = LineHistogram(cloud: cloud, grid: grid).columns(height: max(1, axis - rect.row))
        for (column, labels) in columns.enumerated() {
            for (height, label) in labels.enumerated() where axis - 1 - height >= rect.row {
                canvas[rect.column + column, axis - 1 - height] =
                    cloud.labels == nil
                    ? Cell(block, theme.text)
                    : Cell(Shared.classMark(label), theme.classStyle(label, .regular))
            }
        }
    }

    /// The cell of a point, as it is seen on the plane, if it is visible.
    private func position(of point: LatentPoint) -> Position? {
        position(at: shared.explore.plane?.coordinates(of: point) ?? LatentPoint(point[0], 0))
    }

    /// The cell of a place on the plane, if it is visible.
    private func position(at place: LatentPoint) -> Position? {
        let position = Position(column: rect.column + grid.column(of: place[0]), row: rect.row + grid.row(of: place[1]))
        return rect.contains(position) ? position : nil
    }

    // MARK: Grid and axes

    private var columnTicks: [Float] {
        roundTicks(in: grid.horizontal, apart: grid.columnExtent * Float(max(8, grid.columns / 7)))
    }
    private var rowTicks: [Float] {
        roundTicks(in: grid.vertical, apart: grid.rowExtent * Float(max(4, grid.rows / 7)))
    }

    /// Dots where round numbers cross, and along the axes through zero, only where nothing else is.
    private func drawGrid(into canvas: inout Canvas) {
        guard isLine || !shared.preferences.plane.isFull || shared.background.isBlank else { return }
        func dot(_ glyph: Unicode.Scalar, _ place: LatentPoint) {
            guard let position = position(at: place), canvas[position] == .blank else { return }
            canvas[position] = Cell(glyph, theme.frame)
        }
        for x in columnTicks { for y in isLine ? [0] : rowTicks { dot("+", LatentPoint(x, y)) } }
        for column in stride(from: 0, to: grid.columns, by: 2) {
            dot(type.gridDot, LatentPoint(grid.point(column: column, row: 0)[0], 0))
        }
        for row in 0..<grid.rows where !isLine { dot(type.gridDot, LatentPoint(0, grid.point(column: 0, row: row)[1])) }
    }

    /// Numbers of z₀ in the lower border, those of z₁ beside the left one where the plane is wide enough.
    private func drawAxisNumbers(into canvas: inout Canvas) {
        let bottom = pane.row + pane.rows - 1
        let digits = Typography.digits(for: columnTicks.count > 1 ? columnTicks[1] - columnTicks[0] : 1)
        var free = rect.column
        for tick in columnTicks {
            let text = " " + type.plain(tick, digits: digits) + " "
            let width = text.unicodeScalars.count
            let column = rect.column + grid.column(of: tick) - width / 2
            guard column >= free, column + width <= rect.column + rect.columns - legendColumns else { continue }
            free = canvas.write(text, column: column, row: bottom, style: theme.faint)
        }
        let rowDigits = Typography.digits(for: rowTicks.count > 1 ? rowTicks[1] - rowTicks[0] : 1)
        for tick in rowTicks where !isLine {
            guard let position = position(at: LatentPoint(grid.center[0], tick)) else { continue }
            canvas[pane.column, position.row] = Cell(type.leftTick, theme.frame)
            guard rect.columns >= Self.columnsForNumbers, position.row < rect.row + rect.rows - 1 else { continue }
            // Digits of the data would run into the number.
            let gap = shared.preferences.plane == .data ? " " : ""
            let text = type.plain(tick, digits: rowDigits) + gap
            canvas.write(text, column: rect.column, row: position.row, style: theme.faint)
        }
    }

    private static let columnsForNumbers = 40

    // MARK: The point and its past

    private func drawTrail(into canvas: inout Canvas) {
        let trail = shared.explore.trail
        for (age, point) in trail.reversed().enumerated().reversed() {
            guard let position = position(of: point) else { continue }
            var style = theme.accent
            style.background = canvas[position].style.background
            style.attributes = age < 6 ? .bold : []
            canvas[position] = Cell(type.trailDot, style)
        }
    }

    private func drawMarks(into canvas: inout Canvas) {
        for mark in shared.explore.marks {
            guard let position = position(of: mark.point), let letter = mark.letter.unicodeScalars.first else {
                continue
            }
            canvas[position] = Cell(letter, theme.mark)
        }
    }

    private func drawCrosshair(into canvas: inout Canvas) {
        guard let center = position(of: shared.explore.point) else { return }
        let isOutlined = !isLine && shared.preferences.plane.isFull
        func arm(_ glyph: Unicode.Scalar, _ columns: Int, _ rows: Int) {
            let position = Position(column: center.column + columns, row: center.row + rows)
            guard rect.contains(position) else { return }
            var style = theme.accent
            if !isOutlined { style.background = canvas[position].style.background }
            canvas[position] = Cell(glyph, style)
        }
        // On a map or on pictures, whatever their colors: the terminal's own background around the lines.
        if isOutlined { for columns in [-3, 3] { arm(" ", columns, 0) } }
        for columns in [-2, -1, 1, 2] { arm(type.horizontal, columns, 0) }
        for rows in [-1, 1] { arm(type.vertical, 0, rows) }
        let mark = shared.explore.marks.first { $0.point == shared.explore.point }
        canvas[center] = Cell(mark?.letter.unicodeScalars.first ?? type.cross, theme.cursor)
        // On the frame, where it is found at a glance.
        let lower = canvas[center.column, pane.row + pane.rows - 1].glyph
        let isFree = lower == type.horizontal || lower == " "
        canvas[center.column, pane.row + pane.rows - 1] = Cell(isFree ? type.upTee : lower, theme.accent)
        canvas[pane.column, center.row] = Cell(type.leftTee, theme.accent)
    }

    // MARK: Words

    /// Which color is which class, or what a map's tones mean, at the right of the lower border; without colors the
    /// classes' marks say it themselves.
    private var legend: [Span] {
        if shared.preferences.plane.isStretch, !isLine {
            return shared[ExploreView.self].map.map(shared.stretchLegend) ?? []
        }
        guard theme.profile.depth != .none, isLine || shared.preferences.plane == .data,
            let classes = shared.cloud?.classes,
            !classes.isEmpty, 2 * classes.count + 1 <= rect.columns / 2
        else { return [] }
        let named = classes.flatMap { label -> [Span] in
            let name = shared.name(ofClass: Int(label)).map { " " + cellText($0) } ?? ""
            return [Span(" \(Shared.classMark(label))", theme.classStyle(label, .strong)), Span(name, theme.faint)]
        }
        guard named.reduce(1, { $0 + $1.columns }) > rect.columns else { return named + [Span(" ")] }
        return classes.map { Span(" \(Shared.classMark($0))", theme.classStyle($0, .strong)) } + [Span(" ")]
    }

    private var legendColumns: Int { legend.reduce(0) { $0 + $1.columns } }

    private func drawLegend(into canvas: inout Canvas) {
        canvas.write(
            legend, endingAt: rect.column + rect.columns, from: rect.column, row: pane.row + pane.rows - 1)
    }

    private func drawWords(into canvas: inout Canvas) {
        let wantsData = isLine || [.data, .density].contains(shared.preferences.plane)
        if wantsData, shared.cloud == nil, shared.progress == nil {
            let lower = Rect(
                column: rect.column, row: rect.row + rect.rows / 2 + 2, columns: rect.columns, rows: rect.rows / 2 - 2)
            let lines = wrapped(shared.missingData, to: lower.columns - 2).count
            canvas.fill(
                Rect(
                    column: lower.column, row: lower.row + max(0, (lower.rows - lines) / 2), columns: lower.columns,
                    rows: lines))
            canvas.write([shared.missingData], centeredIn: lower, theme: theme)
        }
        if shared.preferences.plane.isStretch, shared[ExploreView.self].map?.isUnavailable == true {
            canvas.write(["this model's derivatives cannot be computed"], centeredIn: rect, theme: theme)
        }
    }
}

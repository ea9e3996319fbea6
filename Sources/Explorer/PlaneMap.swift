import Cells
import Latent

/// The data on a plane, drawn once for a pane of any size; what a view lays over it is a ``PlaneOverlay``.
struct PlaneMap: Sendable {
    struct Key: Hashable, Sendable {
        var grid: PlaneGrid
        /// ``Shared/projections``: which codes.
        var codes: Int
        var terminal: TerminalProfile
    }

    private var drawn = Drawn<Key>()

    mutating func refresh(_ shared: Shared, grid: PlaneGrid) {
        drawn.refresh(
            Key(grid: grid, codes: shared.projections, terminal: shared.theme.profile),
            size: Size(columns: grid.columns, rows: grid.rows)
        ) { canvas in
            guard let codes = shared.codes else { return }
            shared.drawCounts(PlaneCounts(of: codes, on: grid), isClassed: codes.labels != nil, into: &canvas)
        }
    }

    /// - Parameter rect: the inside of the plane's frame.
    func draw(into canvas: inout Canvas, rect: Rect) {
        if drawn.canvas.size == rect.size { canvas.copy(drawn.canvas, column: rect.column, row: rect.row) }
    }
}

/// What is laid over a plane: points, paths, posteriors.
struct PlaneOverlay {
    let shared: Shared
    let grid: PlaneGrid
    /// The inside of the plane's frame.
    let rect: Rect

    /// The cell of a point, as it is seen on the plane, if it is visible.
    func position(of point: LatentPoint) -> Position? {
        guard let place = shared.explore.plane?.coordinates(of: point) else { return nil }
        let position = Position(column: rect.column + grid.column(of: place[0]), row: rect.row + grid.row(of: place[1]))
        return rect.contains(position) ? position : nil
    }

    func mark(_ point: LatentPoint, _ glyph: Unicode.Scalar, _ style: Style, into canvas: inout Canvas) {
        guard let position = position(of: point) else { return }
        canvas[position] = Cell(glyph, style)
    }

    /// A line through points of the latent space.
    struct Line {
        let points: [LatentPoint]
        let style: Style
        let pattern: LinePattern
    }

    /// Lines in dots; where they meet, a cell has the color of the first.
    func draw(_ lines: [Line], into canvas: inout Canvas) {
        guard let plane = shared.explore.plane else { return }
        var dots = DotGrid(rect.size, glyphs: shared.theme.dotGlyphs)
        for (rank, line) in lines.enumerated() {
            dots.draw(
                through: spots(of: line.points.map { plane.coordinates(of: $0) }, in: dots), line.pattern,
                rank: UInt8(clamping: rank))
        }
        dots.draw(into: &canvas, column: rect.column, row: rect.row, styles: lines.map(\.style))
    }

    /// Where a normal posterior lies: the curve `scale` deviations around its mean.
    ///
    /// - Parameters:
    ///   - mean, deviations: of all latents.
    func ellipse(
        mean: LatentPoint, deviations: LatentPoint, scale: Float = 2, _ style: Style, into canvas: inout Canvas
    ) {
        guard let plane = shared.explore.plane else { return }
        let (center, spread) = (plane.coordinates(of: mean), plane.deviations(deviations))
        trace(ellipsePoints(center, (spread.0 * scale, spread.1 * scale)), style, into: &canvas)
    }

    /// - Parameter places: on the plane.
    private func trace(_ places: [LatentPoint], _ style: Style, into canvas: inout Canvas) {
        var dots = DotGrid(rect.size, glyphs: shared.theme.dotGlyphs)
        dots.draw(through: spots(of: places, in: dots), rank: 0)
        dots.draw(into: &canvas, column: rect.column, row: rect.row, styles: [style])
    }

    /// Where a part of the plane lies: its edges, or a dot where it is smaller than some cells.
    func show(_ horizontal: ClosedRange<Float>, _ vertical: ClosedRange<Float>, into canvas: inout Canvas) {
        let (left, right) = (horizontal.lowerBound, horizontal.upperBound)
        let (low, high) = (vertical.lowerBound, vertical.upperBound)
        guard right - left > 3 * grid.columnExtent else {
            let position = Position(
                column: rect.column + grid.column(of: (left + right) / 2),
                row: rect.row + grid.row(of: (low + high) / 2))
            guard rect.contains(position) else { return }
            canvas[position] = Cell(shared.theme.typography.trailDot, shared.theme.cursor)
            return
        }
        let corners = [(left, low), (right, low), (right, high), (left, high), (left, low)]
        trace(corners.map { LatentPoint($0.0, $0.1) }, shared.theme.accent, into: &canvas)
    }

    /// A closed curve around a place on the plane, with half axes along its directions.
    private func ellipsePoints(_ center: LatentPoint, _ halfAxes: (Float, Float)) -> [LatentPoint] {
        (Self.circle + Self.circle.prefix(1)).map {
            LatentPoint(center[0] + $0.x * halfAxes.0, center[1] + $0.y * halfAxes.1)
        }
    }

    /// Points of the unit circle, in order. A square whose corners are cut again and again becomes one: no trigonometry.
    static let circle: [SIMD2<Float>] = {
        var circle: [SIMD2<Float>] = [[1, 0], [0, 1], [-1, 0], [0, -1]]
        for _ in 0..<4 {
            circle = circle.indices.flatMap { index -> [SIMD2<Float>] in
                let (one, next) = (circle[index], circle[(index + 1) % circle.count])
                let middle = one + next
                return [one, middle / (middle * middle).sum().squareRoot()]
            }
        }
        return circle
    }()

    /// - Parameter places: on the plane.
    private func spots(of places: [LatentPoint], in dots: DotGrid) -> [SIMD2<Float>] {
        places.map { place in
            SIMD2(
                (place[0] - grid.horizontal.lowerBound) / grid.columnExtent * Float(dots.glyphs.columns),
                (grid.vertical.upperBound - place[1]) / grid.rowExtent * Float(dots.glyphs.rows))
        }
    }
}

extension Shared {
    /// The whole plane on the cells of a pane.
    ///
    /// - Parameter rect: the inside of its frame.
    func planeGrid(in rect: Rect) -> PlaneGrid {
        PlaneGrid(explore.wholeWindow, columns: rect.columns, rows: rect.rows, cellRatio: theme.profile.cellRatio)
    }
}

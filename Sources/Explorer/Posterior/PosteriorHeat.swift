import Cells
import Latent
import Pictures
import Shading

/// Where a posterior has its mass, on the cells of a plane, drawn once.
struct PosteriorHeat: Sendable {
    struct Key: Hashable, Sendable {
        var arrival: Int
        var grid: PlaneGrid
        var preferences: Preferences
        var terminal: TerminalProfile
    }

    private var drawn = Drawn<Key>()
    /// Cells that have something to show.
    private var isLit: [Bool] = []

    /// What lies below e^−depth of the greatest is not drawn.
    private static let depth: Float = 10

    /// - Parameter field: the same to be looked at closely, where it is there.
    mutating func refresh(
        _ shared: Shared, _ posterior: PlanePosterior, _ field: PosteriorField?, arrival: Int, grid: PlaneGrid
    ) {
        let key = Key(arrival: arrival, grid: grid, preferences: shared.preferences, terminal: shared.theme.profile)
        guard key != drawn.key else { return }
        let tones = field.map { Self.tones(of: $0, on: grid) } ?? Self.tones(of: posterior, on: grid)
        let columns = grid.columns
        isLit = (0..<columns * grid.rows).map { cell in
            let upper = 2 * (cell / columns) * columns + cell % columns
            return tones[upper] > 0 || tones[upper + columns] > 0
        }
        let picture = Picture(width: columns, height: 2 * grid.rows, values: tones)
        drawn.refresh(key, size: Size(columns: columns, rows: grid.rows)) { canvas in
            shared.heatMap.draw(picture, into: &canvas, rect: Rect(canvas.size))
        }
    }

    /// - Parameter rect: the inside of the plane's frame. Where there is next to no mass, what was there stays.
    func draw(into canvas: inout Canvas, rect: Rect) {
        let image = drawn.canvas
        guard image.size == rect.size else { return }
        for (cell, isLit) in isLit.enumerated() where isLit {
            let (column, row) = (cell % rect.columns, cell / rect.columns)
            canvas[rect.column + column, rect.row + row] = image[column, row]
        }
    }

    /// The density at each half of each cell, on the same scale as that of the squares.
    static func tones(of field: PosteriorField, on grid: PlaneGrid) -> [Float] {
        field.logDensities(on: grid).map { max(0, 1 + $0 / depth) }
    }

    /// The densest square in each half of each cell, upper and lower, on a logarithmic scale: 1 for the densest of all, 0 at
    /// e^−depth of it and below. `[2 · rows, columns]`.
    static func tones(of posterior: PlanePosterior, on grid: PlaneGrid) -> [Float] {
        let across = (0..<grid.columns).map { column in
            squares(
                from: grid.horizontal.lowerBound + Float(column) * grid.columnExtent, grid.columnExtent, of: posterior)
        }
        let half = grid.rowExtent / 2
        let down = (0..<2 * grid.rows).map { row in
            squares(from: grid.vertical.upperBound - Float(row + 1) * half, half, of: posterior)
        }
        let masses = down.flatMap { rows in across.map { mass($0, rows, of: posterior) } }
        let greatest = masses.max() ?? 0
        guard greatest > -.infinity else { return masses.map { _ in 0 } }
        return masses.map { max(0, 1 + ($0 - greatest) / depth) }
    }

    /// The squares of an axis that begin in a piece of it; of a piece without any, the one that it lies in.
    private static func squares(from start: Float, _ extent: Float, of posterior: PlanePosterior) -> Range<Int> {
        let side = 2 * posterior.halfExtent / Float(posterior.side)
        func place(_ value: Float) -> Float { (value + posterior.halfExtent) / side }
        let bounds = (place(start).rounded(.up), place(start + extent).rounded(.up))
        let pieces =
            bounds.0 < bounds.1 ? bounds : (place(start).rounded(.down), place(start).rounded(.down) + 1)
        let (first, end) = (max(0, pieces.0), min(Float(posterior.side), pieces.1))
        return first < end ? Int(first)..<Int(end) : 0..<0
    }

    /// The greatest mass in one of some squares.
    private static func mass(_ columns: Range<Int>, _ rows: Range<Int>, of posterior: PlanePosterior) -> Float {
        rows.reduce(-Float.infinity) { greatest, row in
            columns.reduce(greatest) { max($0, posterior.logMasses[row * posterior.side + $1]) }
        }
    }
}

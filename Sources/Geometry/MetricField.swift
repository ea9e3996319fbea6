/// A metric on a rectangle of the plane, known at the middle of each cell of a square lattice and smooth between them.
///
/// Between the middles the metric is a quadratic B-spline: a mean of nine neighbors with weights that change smoothly, so that
/// it is positive where all of them are and has a gradient everywhere. Beyond the rectangle it stays as it is at the border.
struct MetricField: Sendable {
    /// The lowest corner.
    let origin: SIMD2<Double>
    /// The side of a cell, in units of z.
    let spacing: Double
    /// Cells along each axis.
    let columns: Int
    let rows: Int
    /// (uu, uv, vv, 0) of each cell, `[rows, columns]`.
    private let cells: [SIMD4<Float>]

    /// - Parameter cells: (uu, uv, vv, 0) of each cell, `[rows, columns]`, at least one.
    init(_ cells: [SIMD4<Float>], columns: Int, origin: SIMD2<Double>, spacing: Double) {
        precondition(columns > 0 && !cells.isEmpty && cells.count % columns == 0, "a field has whole rows of cells")
        (self.cells, self.columns, self.origin, self.spacing) = (cells, columns, origin, spacing)
        rows = cells.count / columns
    }

    /// (uu, uv, vv, 0) of a cell.
    subscript(column: Int, row: Int) -> SIMD4<Float> { cells[row * columns + column] }

    /// Whether a point lies in the rectangle.
    func contains(_ point: SIMD2<Double>) -> Bool {
        let place = (point - origin) / spacing
        return place.x >= 0 && place.y >= 0 && place.x <= Double(columns) && place.y <= Double(rows)
    }

    /// The place of the rectangle that is nearest to a point.
    func nearest(to point: SIMD2<Double>) -> SIMD2<Double> {
        point.clamped(
            lowerBound: origin, upperBound: origin + spacing * SIMD2(Double(columns), Double(rows)))
    }

    /// The length of a straight step by the cells that it goes through; beyond the rectangle by those at the border.
    ///
    /// - Parameter stride: 1: about all cells count; 2: every other, and so on.
    func length(from start: SIMD2<Double>, to end: SIMD2<Double>, stride: Float = 1) -> Double {
        let step = SIMD2<Float>(end - start)
        let cells = SIMD2<Float>((end - start) / spacing)
        let parts = max(1, (max(abs(cells.x), abs(cells.y)) / stride).rounded(.up))
        guard (step * step).sum().isFinite, parts < 10_000 else { return .infinity }
        let products = SIMD4(step.x * step.x, 2 * step.x * step.y, step.y * step.y, 0)
        let move = cells / parts
        var place = SIMD2<Float>((start - origin) / spacing) + move / 2
        var total: Float = 0
        for _ in 0..<Int(parts) {
            total += max(0, (products * self.cells[index(Int(place.x), Int(place.y))]).sum()).squareRoot()
            place += move
        }
        return Double(total / parts)
    }

    private func index(_ column: Int, _ row: Int) -> Int {
        max(0, min(rows - 1, row)) * columns + max(0, min(columns - 1, column))
    }

    /// The metric at a point, (uu, uv, vv, 0), and its derivatives by the point's two coordinates.
    func metric(at point: SIMD2<Double>) -> (value: SIMD4<Double>, slopes: (SIMD4<Double>, SIMD4<Double>)) {
        // In cells, from the middle of the first.
        let place = (point - origin) / spacing - 0.5
        let last = SIMD2(Double(columns - 1), Double(rows - 1))
        let inside = place.clamped(lowerBound: .zero, upperBound: last)
        let nearest = inside.rounded(.toNearestOrEven)
        let (across, up) = (Spline(inside.x - nearest.x), Spline(inside.y - nearest.y))
        let (column, row) = (Int(nearest.x), Int(nearest.y))
        var (value, slopeX, slopeY) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
        for j in 0..<3 {
            var (sum, slope) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
            for i in 0..<3 {
                let cell = SIMD4<Double>(cells[index(column + i - 1, row + j - 1)])
                sum += across.weights[i] * cell
                slope += across.slopes[i] * cell
            }
            value += up.weights[j] * sum
            slopeX += up.weights[j] * slope
            slopeY += up.slopes[j] * sum
        }
        // Where the place was clamped nothing changes.
        let moves = SIMD2(inside.x == place.x ? 1 / spacing : 0, inside.y == place.y ? 1 / spacing : 0)
        return (value, (moves.x * slopeX, moves.y * slopeY))
    }

    /// The quadratic B-spline's weights of the three nearest middles, and their derivatives.
    private struct Spline {
        let weights: SIMD3<Double>
        let slopes: SIMD3<Double>

        /// - Parameter t: −½…½, from the nearest middle.
        init(_ t: Double) {
            weights = SIMD3(0.5 * (0.5 - t) * (0.5 - t), 0.75 - t * t, 0.5 * (0.5 + t) * (0.5 + t))
            slopes = SIMD3(t - 0.5, -2 * t, t + 0.5)
        }
    }
}

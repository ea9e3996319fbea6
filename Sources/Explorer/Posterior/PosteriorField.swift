import Latent
import Platform

/// A posterior as finely as it is known, to be looked at closely: log masses of equal squares, and in between.
struct PosteriorField: Sendable {
    /// The greater of its two standard deviations along the axes.
    let deviation: Float
    private let extent: Float
    /// The lower left corner of the square (0, 0).
    private let origin: Float
    /// By columns and rows; none where there is next to nothing.
    private var masses: [SIMD2<Int32>: Float] = [:]
    private var greatest = -Float.infinity

    /// - Returns: nil where the fine squares are not there yet.
    init?(_ posterior: PlanePosterior) {
        guard let cells = posterior.cells, cells.extent > 0, cells.extent.isFinite else { return nil }
        (extent, origin) = (cells.extent, -posterior.halfExtent)
        var (sum, first, second) = (Float(0), SIMD2<Float>.zero, SIMD2<Float>.zero)
        // Around the mode, so that no digits are lost.
        let mode = SIMD2(posterior.mode[0], posterior.mode[1])
        for (middle, mass) in cells.squares {
            let (weight, place) = (exponential(mass), middle - mode)
            sum += weight
            first += weight * place
            second += weight * place * place
            greatest = max(greatest, mass)
            if let square = Self.square((middle - origin) / extent) { masses[square] = mass }
        }
        guard sum > 0, greatest.isFinite else { return nil }
        let variance = second / sum - (first / sum) * (first / sum) + extent * extent / 12
        deviation = max(variance.x, variance.y, .leastNormalMagnitude).squareRoot()
    }

    /// log of the density at each half of each cell, the densest of all at 0: the greatest of the squares in it, or what lies
    /// between those around. `[2 · rows, columns]`
    func logDensities(on grid: PlaneGrid) -> [Float] {
        let half = grid.rowExtent / 2
        let corner = SIMD2(grid.horizontal.lowerBound, grid.vertical.upperBound)
        var values = (0..<2 * grid.rows * grid.columns).map { index in
            let (row, column) = (index / grid.columns, index % grid.columns)
            return logMass(
                at: corner + SIMD2((Float(column) + 0.5) * grid.columnExtent, -(Float(row) + 0.5) * half))
        }
        for (square, mass) in masses {
            let place = (SIMD2(Float(square.x), Float(square.y)) + 0.5) * extent + origin - corner
            guard let cell = Self.square(SIMD2(place.x / grid.columnExtent, -place.y / half)),
                (0..<Int32(grid.columns)).contains(cell.x), (0..<Int32(2 * grid.rows)).contains(cell.y)
            else { continue }
            let index = Int(cell.y) * grid.columns + Int(cell.x)
            values[index] = max(values[index], mass)
        }
        return values.map { $0 - greatest }
    }

    /// Between the four squares around, as far as they are there; −∞ outside of all.
    private func logMass(at place: SIMD2<Float>) -> Float {
        let spot = (place - origin) / extent
        guard let own = Self.square(spot), let near = masses[own], let base = Self.square(spot - 0.5) else {
            return -.infinity
        }
        let share = spot - 0.5 - SIMD2(Float(base.x), Float(base.y))
        func value(_ right: Int32, _ up: Int32) -> Float { masses[base &+ SIMD2(right, up)] ?? near }
        let lower = value(0, 0) + share.x * (value(1, 0) - value(0, 0))
        let upper = value(0, 1) + share.x * (value(1, 1) - value(0, 1))
        return lower + share.y * (upper - lower)
    }

    private static func square(_ spot: SIMD2<Float>) -> SIMD2<Int32>? {
        guard abs(spot.x) < 1e8, abs(spot.y) < 1e8 else { return nil }
        return SIMD2(Int32(spot.x.rounded(.down)), Int32(spot.y.rounded(.down)))
    }
}

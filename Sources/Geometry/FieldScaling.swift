import Latent

/// How a ``MetricField`` of images becomes one under a density: each cell times λ², row by row. λ² is computed at a coarser
/// lattice, and lies on lines between.
struct FieldScaling: Sendable {
    /// What is scaled.
    let field: MetricField
    let density: LatentDensity
    /// Cells from one place where λ² is computed to the next.
    private static let stride = 4
    /// How often a piece computes λ² at most: a millisecond.
    private static let most = 256
    private var cells: [SIMD4<Float>] = []
    /// λ² below the next rows of cells, and above them as far as it is known.
    private var low: [Float] = []
    private var high: [Float] = []

    init(_ field: MetricField, by density: LatentDensity) { (self.field, self.density) = (field, density) }

    /// Once every cell is known.
    var result: MetricField? {
        guard cells.count == field.columns * field.rows else { return nil }
        return MetricField(cells, columns: field.columns, origin: field.origin, spacing: field.spacing)
    }

    /// How much of the work is done, 0…1.
    var progress: Double { Double(cells.count) / Double(field.columns * field.rows) }

    /// Does a piece of the work.
    mutating func advance() {
        if cells.isEmpty { cells.reserveCapacity(field.columns * field.rows) }
        let places = (field.columns + FieldScaling.stride - 1) / FieldScaling.stride + 1
        let row = cells.count / field.columns + (low.isEmpty ? 0 : FieldScaling.stride)
        for place in high.count..<min(places, high.count + FieldScaling.most) {
            let at = field.origin + field.spacing * SIMD2(Double(place * FieldScaling.stride), Double(row))
            high.append(Float(density.factor(at: [Float(at.x), Float(at.y)]).value))
        }
        guard high.count == places else { return }
        if !low.isEmpty { scaleRows() }
        (low, high) = (high, [])
    }

    private mutating func scaleRows() {
        let first = cells.count / field.columns
        for row in first..<min(field.rows, first + FieldScaling.stride) {
            let up = (Float(row - first) + 0.5) / Float(FieldScaling.stride)
            let factors = zip(low, high).map { $0 + up * ($1 - $0) }
            for column in 0..<field.columns {
                let (place, rest) = column.quotientAndRemainder(dividingBy: FieldScaling.stride)
                let share = (Float(rest) + 0.5) / Float(FieldScaling.stride)
                let factor = factors[place] + share * (factors[place + 1] - factors[place])
                cells.append(factor * field[column, row])
            }
        }
    }
}

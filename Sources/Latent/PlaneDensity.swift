import Platform

/// How many images of which class lie in each cell of a plane.
public struct PlaneCounts: Hashable, Sendable {
    public let columns: Int
    public let rows: Int
    /// Number of images, `[rows, columns]`.
    public let counts: [Int32]
    /// The class that most of a cell's images have (the lowest of equals), `[rows, columns]`; 0 without labels.
    public let majority: [UInt8]
    /// The number of images in the fullest cell.
    public let greatest: Int

    /// - Complexity: O(images + cells · classes).
    public init(of codes: PlaneCodes, on grid: PlaneGrid) {
        columns = grid.columns
        rows = grid.rows
        let cells = columns * rows
        var order = [UInt8](repeating: 0, count: 256)
        for (rank, label) in codes.classes.enumerated() { order[Int(label)] = UInt8(rank) }
        let classCount = max(1, codes.classes.count)
        var byClass = [Int32](repeating: 0, count: cells * classCount)
        for image in 0..<codes.count {
            let column = grid.column(of: codes.means[2 * image])
            let row = grid.row(of: codes.means[2 * image + 1])
            guard column >= 0, column < columns, row >= 0, row < rows else { continue }
            let rank = codes.labels.map { Int(order[Int($0[image])]) } ?? 0
            byClass[(row * columns + column) * classCount + rank] += 1
        }
        var counts = [Int32](repeating: 0, count: cells)
        var majority = [UInt8](repeating: 0, count: cells)
        for cell in 0..<cells {
            var most: Int32 = 0
            for rank in 0..<classCount {
                let count = byClass[cell * classCount + rank]
                counts[cell] += count
                if count > most {
                    most = count
                    majority[cell] = codes.classes.isEmpty ? 0 : codes.classes[rank]
                }
            }
        }
        self.counts = counts
        self.majority = majority
        greatest = Int(counts.max() ?? 0)
    }
}

/// The aggregate posterior q(z) = 1/N Σ N(z; μᵢ, σᵢ²) of codes on a plane, integrated over each cell.
///
/// Integrals and not values at the cells' middles, since a posterior is often narrower than a cell.
///
/// - Parameters:
///   - columns, rows: how finely the grid's rectangle is divided.
/// - Returns: the mass in each cell, `[rows, columns]`; all of them together are the share that lies within the grid.
public func aggregatePosterior(of codes: PlaneCodes, on grid: PlaneGrid, columns: Int, rows: Int) -> [Float] {
    var density = [Float](repeating: 0, count: columns * rows)
    let width = (grid.horizontal.upperBound - grid.horizontal.lowerBound) / Float(columns)
    let height = (grid.vertical.upperBound - grid.vertical.lowerBound) / Float(rows)
    let normal = NormalTable()
    let weight = 1 / Float(max(1, codes.count))
    let (means, deviations, bandwidth) = (codes.means, codes.deviations ?? [], codes.bandwidth)
    var across = [Float](repeating: 0, count: columns)
    var down = [Float](repeating: 0, count: rows)
    for image in 0..<codes.count {
        let first = 2 * image
        let (mean0, mean1) = (means[first], means[first + 1])
        let deviation0 = deviations.isEmpty ? bandwidth : deviations[first]
        let deviation1 = deviations.isEmpty ? bandwidth : deviations[first + 1]
        let reachedColumns = normal.masses(
            mean: (mean0 - grid.horizontal.lowerBound) / width, deviation: deviation0 / width, into: &across)
        let reachedRows = normal.masses(
            mean: (grid.vertical.upperBound - mean1) / height, deviation: deviation1 / height, into: &down)
        for row in reachedRows {
            let rowMass = weight * down[row]
            for column in reachedColumns { density[row * columns + column] += rowMass * across[column] }
        }
    }
    return density
}

/// Φ of the standard normal distribution, tabulated: sixty thousand posteriors ask for it a million times.
private struct NormalTable {
    /// Beyond this many deviations nothing is counted: 0.006 % of the mass.
    private static let reach: Float = 4
    private static let steps = 512
    private let values: [Float]

    init() {
        values = (0...Self.steps + 1).map { step in
            let z = (Float(step) / Float(Self.steps) * 2 - 1) * Self.reach
            return 0.5 * erfcf(-z / Float(2).squareRoot())
        }
    }

    private func cumulative(_ z: Float) -> Float {
        let position = (max(-Self.reach, min(Self.reach, z)) / Self.reach + 1) / 2 * Float(Self.steps)
        let step = Int(position)
        let value = values[step]
        return value + (position - Float(step)) * (values[step + 1] - value)
    }

    /// Writes the mass of N(mean, deviation²) in each of the unit cells that it reaches.
    ///
    /// - Returns: those cells; the rest of `masses` keeps what it held.
    func masses(mean: Float, deviation: Float, into masses: inout [Float]) -> Range<Int> {
        let spread = max(deviation, 1e-3)
        let low = mean - Self.reach * spread
        let high = mean + Self.reach * spread
        guard low.isFinite, high.isFinite, high > 0, low < Float(masses.count) else { return 0..<0 }
        let first = Int(max(0, low))
        let end = Int(min(Float(masses.count), high.rounded(.up)))
        guard first < end else { return 0..<0 }
        var below = cumulative((Float(first) - mean) / spread)
        for cell in first..<end {
            let above = cumulative((Float(cell + 1) - mean) / spread)
            masses[cell] = above - below
            below = above
        }
        return first..<end
    }
}

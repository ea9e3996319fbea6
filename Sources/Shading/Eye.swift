import Platform

/// How an eye at reading distance sees the parts of cells: blurred by half a cell's width, so that neighbors run into
/// each other and only what is left of an error after that counts.
///
/// The squared error of a blurred drawing is rᵀ·K·r, where r holds the error of each part and K how much two parts
/// have in common once both are blurred: along each axis the autocorrelation of a part's box blurred by a Gaussian.
struct Eye: Sendable {
    /// The parts beyond a cell's own that are seen with it, left and right, above and below.
    let reach: (across: Int, down: Int)
    /// For each column of a cell, what it has in common with each column of the window: the cell's and `reach` more at
    /// both sides. `[columns, columns + 2 · reach]`
    let across: [Float]
    /// The same for rows.
    let down: [Float]

    /// The blur's standard deviation in widths of a cell, which is half as wide as high.
    private static let blur = 0.5

    /// - Parameters: the parts of a cell.
    init(columns: Int, rows: Int) {
        let (x, y) = (Eye.table(1 / Double(columns), columns), Eye.table(2 / Double(rows), rows))
        (across, down, reach) = (x.weights, y.weights, (x.reach, y.reach))
    }

    /// - Parameters:
    ///   - length: of a part in widths of a cell.
    ///   - count: the number of parts of a cell.
    private static func table(_ length: Double, _ count: Int) -> (weights: [Float], reach: Int) {
        let common = (0...16).map { Eye.common(Double($0) * length, length) }
        let total = common[0] + 2 * common.dropFirst().reduce(0, +)
        // What is further away has less than a twenty-fifth of what the part has in common with itself.
        let reach = max(1, common.lastIndex { $0 > common[0] / 25 } ?? 1)
        let weights = (0..<count).flatMap { own in
            (-reach..<count + reach).map { Float(common[min(16, abs($0 - own))] / total) }
        }
        return (weights, reach)
    }

    /// Two boxes of a length at a distance, each blurred: the integral over both of the Gaussian of twice the variance.
    private static func common(_ distance: Double, _ length: Double) -> Double {
        let steps = 8
        var sum = 0.0
        for first in 0..<steps {
            for second in 0..<steps {
                let apart = distance + Double(second - first) / Double(steps) * length
                sum += exponential(-apart * apart / (4 * blur * blur))
            }
        }
        return sum
    }

    /// What two parts of one cell have in common, `[rows · columns]` squared.
    func common(columns: Int, rows: Int) -> [Float] {
        let (width, height) = (columns + 2 * reach.across, rows + 2 * reach.down)
        let parts = (0..<rows).flatMap { row in (0..<columns).map { (row, $0) } }
        return parts.flatMap { row, column in
            parts.map { otherRow, otherColumn in
                down[row * height + reach.down + otherRow] * across[column * width + reach.across + otherColumn]
            }
        }
    }
}

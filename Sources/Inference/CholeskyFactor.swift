/// A small symmetric positive definite matrix as A = L Lᵀ, with which A x = b is solved.
struct CholeskyFactor {
    private let size: Int
    /// L, `[size, size]`; above the diagonal nothing is read.
    private var lower: [Double]

    /// - Parameter matrix: `[size, size]`.
    /// - Returns: nil where the matrix is not positive definite, or has a number that is not finite.
    init?(_ matrix: [Double], size: Int) {
        self.size = size
        lower = matrix
        for column in 0..<size {
            for row in column..<size {
                let sum = (0..<column).reduce(lower[row * size + column]) {
                    $0 - lower[row * size + $1] * lower[column * size + $1]
                }
                if row == column {
                    guard sum > 0, sum.isFinite else { return nil }
                    lower[row * size + row] = sum.squareRoot()
                } else {
                    lower[row * size + column] = sum / lower[column * size + column]
                }
            }
        }
    }

    /// - Parameter right: `[size]`.
    func solve(_ right: [Double]) -> [Double] {
        var x = right
        for row in 0..<size {
            for column in 0..<row { x[row] -= lower[row * size + column] * x[column] }
            x[row] /= lower[row * size + row]
        }
        for row in (0..<size).reversed() {
            for other in row + 1..<max(row + 1, size) { x[row] -= lower[other * size + row] * x[other] }
            x[row] /= lower[row * size + row]
        }
        return x
    }
}

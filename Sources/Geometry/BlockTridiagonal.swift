/// A symmetric positive definite matrix of square blocks, nonzero only on its diagonal and beside it; of one block, any small
/// one.
public struct BlockTridiagonal: Sendable {
    public let blocks: Int
    /// The side of a block.
    public let size: Int
    /// `[blocks, size, size]`.
    public var diagonal: [Double]
    /// The blocks to the right of the diagonal, `[blocks − 1, size, size]`; those below it are their transposes.
    public var beside: [Double]

    /// All zero.
    public init(blocks: Int, size: Int) {
        (self.blocks, self.size) = (blocks, size)
        diagonal = Array(repeating: 0, count: blocks * size * size)
        beside = Array(repeating: 0, count: max(0, blocks - 1) * size * size)
    }

    /// Solves A x = b by the blocks' Cholesky factors: A = L Lᵀ with L's blocks Dᵢ on the diagonal and Sᵢ below it.
    public struct Factor: Sendable {
        fileprivate let blocks: Int
        fileprivate let size: Int
        /// Lower triangles Dᵢ.
        fileprivate var diagonal: [Double]
        /// Sᵢ = Bᵢᵀ Dᵢ⁻ᵀ, of the block below block i.
        fileprivate var below: [Double]

        /// - Parameter right: `[blocks, size]`.
        public func solve(_ right: [Double]) -> [Double] {
            var x = right
            let square = size * size
            for block in 0..<blocks {
                let base = block * size
                if block > 0 {
                    let s = (block - 1) * square
                    for row in 0..<size {
                        for column in 0..<size {
                            x[base + row] -= below[s + row * size + column] * x[base - size + column]
                        }
                    }
                }
                for row in 0..<size {
                    for column in 0..<row { x[base + row] -= at(block, row, column) * x[base + column] }
                    x[base + row] /= at(block, row, row)
                }
            }
            for block in (0..<blocks).reversed() {
                let base = block * size
                if block + 1 < blocks {
                    let s = block * square
                    for row in 0..<size {
                        for column in 0..<size {
                            x[base + column] -= below[s + row * size + column] * x[base + size + row]
                        }
                    }
                }
                for row in (0..<size).reversed() {
                    for other in row + 1..<max(row + 1, size) {
                        x[base + row] -= at(block, other, row) * x[base + other]
                    }
                    x[base + row] /= at(block, row, row)
                }
            }
            return x
        }

        private func at(_ block: Int, _ row: Int, _ column: Int) -> Double {
            diagonal[(block * size + row) * size + column]
        }
    }

    /// - Returns: nil unless the matrix is positive definite.
    /// - Complexity: O(blocks · size³).
    public func factored() -> Factor? {
        var factor = Factor(blocks: blocks, size: size, diagonal: diagonal, below: beside)
        let square = size * size
        for block in 0..<blocks {
            let d = block * square
            if block > 0 {
                let s = d - square
                for row in 0..<size {
                    for column in 0...row {
                        var sum = 0.0
                        for k in 0..<size {
                            sum += factor.below[s + row * size + k] * factor.below[s + column * size + k]
                        }
                        factor.diagonal[d + row * size + column] -= sum
                    }
                }
            }
            guard factor.takeCholesky(at: d) else { return nil }
            guard block + 1 < blocks else { continue }
            // S = Bᵀ D⁻ᵀ: each row of S solves D sᵀ = a column of B.
            for row in 0..<size {
                for column in 0..<size {
                    var value = beside[d + column * size + row]
                    for k in 0..<column {
                        value -= factor.below[d + row * size + k] * factor.diagonal[d + column * size + k]
                    }
                    factor.below[d + row * size + column] = value / factor.diagonal[d + column * size + column]
                }
            }
        }
        return factor
    }
}

extension BlockTridiagonal.Factor {
    /// Turns one block into its lower Cholesky factor; false where it has none.
    fileprivate mutating func takeCholesky(at start: Int) -> Bool {
        for row in 0..<size {
            for column in 0...row {
                var value = diagonal[start + row * size + column]
                for k in 0..<column {
                    value -= diagonal[start + row * size + k] * diagonal[start + column * size + k]
                }
                if row == column {
                    guard value > 0, value.isFinite else { return false }
                    diagonal[start + row * size + row] = value.squareRoot()
                } else {
                    diagonal[start + row * size + column] = value / diagonal[start + column * size + column]
                }
            }
        }
        return true
    }
}

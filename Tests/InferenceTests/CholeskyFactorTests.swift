import Testing

@testable import Inference

@Suite("Cholesky factors")
struct CholeskyFactorTests {
    @Test("What they solve gives the right side back")
    func solves() throws {
        let matrix: [Double] = [4, 1, -2, 1, 3, 0.5, -2, 0.5, 5]
        let right = [1.0, -2, 3]
        let x = try #require(CholeskyFactor(matrix, size: 3)).solve(right)
        let back = (0..<3).map { row in (0..<3).reduce(0) { $0 + matrix[row * 3 + $1] * x[$1] } }
        #expect(isClose(back, right, within: 1e-12))
    }

    @Test("There are none of matrices that are not positive definite, or of no numbers")
    func refused() {
        #expect(CholeskyFactor([1, 2, 2, 1], size: 2) == nil)
        #expect(CholeskyFactor([1, 0, 0, .nan], size: 2) == nil)
        #expect(CholeskyFactor([.infinity, 0, 0, 1], size: 2) == nil)
    }
}

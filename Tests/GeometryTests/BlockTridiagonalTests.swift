import Testing

@testable import Geometry

@Suite("Block-tridiagonal systems")
struct BlockTridiagonalTests {
    /// A = 5·1 plus small blocks that are not symmetric beside the diagonal.
    private func matrix(blocks: Int, size: Int) -> BlockTridiagonal {
        var matrix = BlockTridiagonal(blocks: blocks, size: size)
        for index in matrix.diagonal.indices {
            let (row, column) = (index / size % size, index % size)
            matrix.diagonal[index] = row == column ? 5 + 0.1 * Double(index % 7) : 0.2 / Double(1 + row + column)
        }
        for index in matrix.beside.indices { matrix.beside[index] = Double(index * 37 % 19) / 19 - 0.6 }
        return matrix
    }

    @Test("The solution gives the right side again", arguments: [(1, 1), (6, 1), (5, 2), (4, 3), (1, 4)])
    func solves(blocks: Int, size: Int) throws {
        let matrix = matrix(blocks: blocks, size: size)
        let right = (0..<blocks * size).map { Double($0 * 13 % 7) - 3 }
        let x = try #require(matrix.factored()).solve(right)
        let square = size * size
        for block in 0..<blocks {
            for row in 0..<size {
                var sum = 0.0
                for column in 0..<size {
                    sum += matrix.diagonal[block * square + row * size + column] * x[block * size + column]
                    if block + 1 < blocks {
                        sum += matrix.beside[block * square + row * size + column] * x[(block + 1) * size + column]
                    }
                    if block > 0 {
                        sum +=
                            matrix.beside[(block - 1) * square + column * size + row] * x[(block - 1) * size + column]
                    }
                }
                #expect(abs(sum - right[block * size + row]) < 1e-10)
            }
        }
    }

    @Test("A matrix that is not positive definite has no factors")
    func notPositive() {
        var matrix = matrix(blocks: 3, size: 2)
        matrix.diagonal[4] = -1
        #expect(matrix.factored() == nil)
    }

    @Test("Items come out of the queue by their priority")
    func queue() {
        var queue = PriorityQueue()
        for item in 0..<50 { queue.insert(item, Double(item * 37 % 50)) }
        var last = -1.0
        for _ in 0..<50 {
            guard let (priority, item) = queue.removeFirst() else { return #expect(Bool(false)) }
            #expect(priority == Double(item * 37 % 50) && priority > last)
            last = priority
        }
        #expect(queue.removeFirst() == nil)
    }

    private func factor(_ matrix: [Double], size: Int) -> BlockTridiagonal.Factor? {
        var system = BlockTridiagonal(blocks: 1, size: size)
        system.diagonal = matrix
        return system.factored()
    }

    @Test("One block is any matrix, and its solution gives the right side again")
    func solvesOneBlock() throws {
        let matrix: [Double] = [4, 1, -2, 1, 3, 0.5, -2, 0.5, 5]
        let right = [1.0, -2, 3]
        let x = try #require(factor(matrix, size: 3)).solve(right)
        let back = (0..<3).map { row in (0..<3).reduce(0) { $0 + matrix[row * 3 + $1] * x[$1] } }
        #expect(zip(back, right).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("There is no factor of matrices that are not positive definite, or of no numbers")
    func refused() {
        #expect(factor([1, 2, 2, 1], size: 2) == nil)
        #expect(factor([1, 0, 0, .nan], size: 2) == nil)
        #expect(factor([.infinity, 0, 0, 1], size: 2) == nil)
    }
}

import Neural

/// The directions in which rows of numbers vary most, found by orthogonal iteration (Golub & Van Loan, Matrix
/// Computations, 8.2.4): a few rounds find the subspace well before its single vectors, and only the subspace matters.
struct PrincipalSubspace {
    /// `[rank, length]`, rows orthonormal; rows of zeros where the data have fewer directions.
    let directions: [Float]

    private static let rounds = 3
    /// Columns that one thread multiplies at a time.
    private static let block = 64

    /// - Parameters:
    ///   - rows: `[count, length]`, their mean taken off.
    ///   - between: called before each round; what it throws ends the work.
    init(
        _ rows: UnsafePointer<Float>, count: Int, length: Int, rank: Int, pool: WorkerPool, between: () throws -> Void
    ) rethrows {
        // Some of the rows themselves are a better beginning than random directions.
        var directions = (0..<rank).flatMap { index in
            UnsafeBufferPointer(start: rows + index * count / rank * length, count: length)
        }
        PrincipalSubspace.orthonormalize(&directions, rank: rank, length: length)
        let block = PrincipalSubspace.block
        for _ in 0..<PrincipalSubspace.rounds {
            try between()
            let coordinates = PrincipalSubspace.coordinates(
                rows, count: count, length: length, directions: directions, rank: rank, pool: pool)
            directions.withUnsafeMutableBufferPointer { sums in
                guard let sums = sums.baseAddress else { return }
                pool.forEach((length + block - 1) / block) { item, _ in
                    let columns = item * block..<min(length, (item + 1) * block)
                    outerProducts(
                        coordinates, columns: rank, rows + columns.lowerBound, columns: columns.count, stride: length,
                        count: count, into: sums + columns.lowerBound, stride: length)
                }
            }
            PrincipalSubspace.orthonormalize(&directions, rank: rank, length: length)
        }
        self.directions = directions
    }

    /// Where the rows lie along the directions, `[count, rank]`.
    static func coordinates(
        _ rows: UnsafePointer<Float>, count: Int, length: Int, directions: [Float], rank: Int, pool: WorkerPool
    ) -> [Float] {
        var coordinates = [Float](repeating: 0, count: count * rank)
        coordinates.withUnsafeMutableBufferPointer { coordinates in
            guard let coordinates = coordinates.baseAddress else { return }
            pool.forEach((count + block - 1) / block) { item, _ in
                let part = item * block..<min(count, (item + 1) * block)
                innerProducts(
                    rows + part.lowerBound * length, rows: part.count, directions, columns: rank, length: length,
                    into: coordinates + part.lowerBound * rank)
            }
        }
        return coordinates
    }

    /// Gram–Schmidt, each row twice, which is enough in float32 (Giraud et al. 2005).
    private static func orthonormalize(_ vectors: inout [Float], rank: Int, length: Int) {
        var overlaps = [Float](repeating: 0, count: rank)
        vectors.withUnsafeMutableBufferPointer { vectors in
            guard let base = vectors.baseAddress else { return }
            for index in 0..<rank {
                let row = base + index * length
                let before = norm(row, length)
                for _ in 0..<2 where index > 0 {
                    innerProducts(row, rows: 1, base, columns: index, length: length, into: &overlaps)
                    for other in 0..<index {
                        let (overlap, taken) = (overlaps[other], base + other * length)
                        for place in 0..<length { row[place] -= overlap * taken[place] }
                    }
                }
                let left = norm(row, length)
                // What is left of a row that the others span is rounding.
                let scale = left > 1e-5 * before && left > 1e-20 ? 1 / left : 0
                for place in 0..<length { row[place] *= scale }
            }
        }
    }

    private static func norm(_ row: UnsafePointer<Float>, _ length: Int) -> Float {
        var square: Float = 0
        innerProducts(row, rows: 1, row, columns: 1, length: length, into: &square)
        return square.squareRoot()
    }
}

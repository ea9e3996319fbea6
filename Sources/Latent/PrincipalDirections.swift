/// The principal directions of points: unit eigenvectors of their covariance, the one with most variance first.
///
/// By cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, 8.5), in doubles.
///
/// - Parameters:
///   - points: `[count, dimension]`; those that are not finite don't count.
///   - dimension: at least 1.
/// - Returns: `dimension` directions with their variances; each direction's largest coordinate is positive, so that it
///   is the same from one run to the next.
public func principalDirections(of points: [Float], dimension: Int) -> [(direction: [Float], variance: Float)] {
    var matrix = covariance(of: points, dimension: dimension)
    var vectors = (0..<dimension).map { row in (0..<dimension).map { $0 == row ? 1.0 : 0.0 } }
    let scale = (0..<dimension).map { matrix[$0][$0] }.reduce(0, +)
    for _ in 0..<60 {
        var off = 0.0
        for row in 0..<dimension {
            for column in row + 1..<max(row + 1, dimension) {
                off += matrix[row][column] * matrix[row][column]
                rotate(&matrix, &vectors, row, column)
            }
        }
        if off <= 1e-24 * scale * scale { break }
    }
    return (0..<dimension).sorted { matrix[$0][$0] > matrix[$1][$1] }.map { index in
        let direction = (0..<dimension).map { vectors[$0][index] }
        let largest = direction.max { abs($0) < abs($1) } ?? 0
        return (direction.map { Float(largest < 0 ? -$0 : $0) }, Float(max(0, matrix[index][index])))
    }
}

private func covariance(of points: [Float], dimension: Int) -> [[Double]] {
    var (sums, products) = (
        [Double](repeating: 0, count: dimension), [Double](repeating: 0, count: dimension * dimension)
    )
    var count = 0.0
    var point = [Double](repeating: 0, count: dimension)
    for start in stride(from: 0, to: points.count - dimension + 1, by: dimension) {
        for axis in 0..<dimension { point[axis] = Double(points[start + axis]) }
        guard point.allSatisfy(\.isFinite) else { continue }
        count += 1
        for row in 0..<dimension {
            sums[row] += point[row]
            for column in 0...row { products[row * dimension + column] += point[row] * point[column] }
        }
    }
    let total = max(1, count)
    return (0..<dimension).map { row in
        (0..<dimension).map { column in
            let (high, low) = (max(row, column), min(row, column))
            return products[high * dimension + low] / total - sums[row] * sums[column] / (total * total)
        }
    }
}

/// Turns two axes so that nothing is shared between them.
private func rotate(_ matrix: inout [[Double]], _ vectors: inout [[Double]], _ row: Int, _ column: Int) {
    guard matrix[row][column] != 0 else { return }
    let ratio = (matrix[column][column] - matrix[row][row]) / (2 * matrix[row][column])
    let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    for index in matrix.indices {
        let (first, second) = (matrix[index][row], matrix[index][column])
        matrix[index][row] = cosine * first - sine * second
        matrix[index][column] = sine * first + cosine * second
    }
    for index in matrix.indices {
        let (first, second) = (matrix[row][index], matrix[column][index])
        matrix[row][index] = cosine * first - sine * second
        matrix[column][index] = sine * first + cosine * second
    }
    for index in matrix.indices {
        let (first, second) = (vectors[index][row], vectors[index][column])
        vectors[index][row] = cosine * first - sine * second
        vectors[index][column] = sine * first + cosine * second
    }
}

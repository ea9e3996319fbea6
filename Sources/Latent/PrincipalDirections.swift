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

/// The directions in which points vary most: all principal ones of a few dimensions; of many the first eight, by orthogonal
/// iteration on the points themselves (Golub & Van Loan, 8.2.4), since a covariance of thousands of dimensions would take
/// gigabytes and its eigenvectors hours.
///
/// - Parameter points: `[count, dimension]`; those that are not finite don't count. Of many some are enough.
func leadingDirections(of points: [Float], dimension: Int) -> [[Float]] {
    guard dimension > mostExactDimensions else {
        return principalDirections(of: points, dimension: dimension).map(\.direction)
    }
    let rows = CenteredRows(points, dimension: dimension)
    var generator = SeededGenerator(seed: 0)
    var directions = orthonormal((0..<leadingCount).map { _ in (0..<dimension).map { _ in generator.nextNormal() } })
    for _ in 0..<leadingRounds where !directions.isEmpty {
        directions = orthonormal(rows.pulled(directions))
    }
    guard directions.count > 1 else { return directions }
    // Within the subspace the exact ones.
    let places = rows.coordinates(along: directions)
    return principalDirections(of: places, dimension: directions.count).map { turned in
        let direction = (0..<dimension).map { axis in
            directions.indices.reduce(Float(0)) { $0 + turned.direction[$1] * directions[$1][axis] }
        }
        let largest = direction.max { abs($0) < abs($1) } ?? 0
        return largest < 0 ? direction.map { -$0 } : direction
    }
}

private let mostExactDimensions = 64
private let leadingCount = 8
private let leadingRounds = 8

/// Points less their mean, some of them where there are many.
private struct CenteredRows {
    private var values: [Float] = []
    private let dimension: Int
    private let count: Int

    private static let mostValues = 2_000_000

    init(_ points: [Float], dimension: Int) {
        let all = points.count / dimension
        let step = max(1, min(points.count / CenteredRows.mostValues, all / 256))
        var (sums, count) = ([Float](repeating: 0, count: dimension), 0)
        for row in stride(from: 0, to: all, by: step) {
            let point = points[row * dimension..<(row + 1) * dimension]
            guard point.allSatisfy(\.isFinite) else { continue }
            values += point
            count += 1
            for (axis, value) in point.enumerated() { sums[axis] += value }
        }
        for row in 0..<count {
            for axis in 0..<dimension { values[row * dimension + axis] -= sums[axis] / Float(count) }
        }
        (self.dimension, self.count) = (dimension, count)
    }

    /// `[count, directions]`
    func coordinates(along directions: [[Float]]) -> [Float] {
        (0..<count).flatMap { row in directions.map { dot(values[row * dimension..<(row + 1) * dimension], $0[...]) } }
    }

    /// The directions multiplied with the points' scatter matrix, which is never made.
    func pulled(_ directions: [[Float]]) -> [[Float]] {
        directions.map { direction in
            var sum = [Float](repeating: 0, count: dimension)
            for row in 0..<count {
                let point = values[row * dimension..<(row + 1) * dimension]
                let along = dot(point, direction[...])
                sum.withUnsafeMutableBufferPointer { sum in
                    point.withUnsafeBufferPointer { point in
                        for axis in point.indices { sum[axis] += along * point[axis] }
                    }
                }
            }
            return sum
        }
    }
}

/// Gram–Schmidt, twice, which is enough in float32; what the others span already is left out.
private func orthonormal(_ vectors: [[Float]]) -> [[Float]] {
    var result: [[Float]] = []
    for vector in vectors {
        guard var rest = unit(vector) else { continue }
        for _ in 0..<2 {
            for other in result {
                let shared = dot(rest[...], other[...])
                for axis in rest.indices { rest[axis] -= shared * other[axis] }
            }
        }
        // What is left of a vector within the others' span is rounding.
        guard dot(rest[...], rest[...]) > 1e-8, let rest = unit(rest) else { continue }
        result.append(rest)
    }
    return result
}

/// In eight sums, which a processor adds at once.
func dot(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Float {
    one.withUnsafeBufferPointer { one in
        other.withUnsafeBufferPointer { other in
            var sums = SIMD8<Float>.zero
            let whole = one.count & ~7
            for start in stride(from: 0, to: whole, by: 8) {
                for lane in 0..<8 { sums[lane] += one[start + lane] * other[start + lane] }
            }
            return (whole..<one.count).reduce(sums.sum()) { $0 + one[$1] * other[$1] }
        }
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

/// The inner product of each two of so many vectors, summed in double precision.
///
/// - Parameters:
///   - vectors: `[count, length]`, row-major.
///   - count: how many there are.
/// - Returns: `[count, count]`, symmetric.
/// - Complexity: O(`count`² · `length`), on the calling thread.
public func innerProducts(of vectors: [Float], count: Int) -> [Double] {
    guard count > 0 else { return [] }
    _ = MatrixProduct.useOneThread
    let length = vectors.count / count
    // Short pieces in single precision, so that long vectors lose nothing.
    let piece = 512
    var sums = [Double](repeating: 0, count: count * count)
    var part = [Float](repeating: 0, count: count * count)
    vectors.withUnsafeBufferPointer { vectors in
        guard let base = vectors.baseAddress else { return }
        for start in stride(from: 0, to: length, by: piece) {
            part.withUnsafeMutableBufferPointer { part in
                guard let into = part.baseAddress else { return }
                MatrixProduct.multiply(
                    base + start, aStride: length, base + start, .transposed, bStride: length, into: into,
                    cStride: count, m: count, n: count, k: min(piece, length - start))
            }
            for index in sums.indices { sums[index] += Double(part[index]) }
        }
    }
    return sums
}

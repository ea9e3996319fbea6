extension WorkerPool {
    /// Calls `body` once for each item in `0..<items`, in any order and on all threads, and returns after the last.
    ///
    /// - Parameter body: runs on several threads at once, so each item writes only to places of its own; it is told the
    ///   item and which thread this is, below ``threads``: an index for scratch memory.
    public func forEach(_ items: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
        withoutActuallyEscaping(body) { body in run(ClosureWork(body), items: items) }
    }

    /// Changes each of some values, on all threads.
    ///
    /// - Parameter body: runs on several threads at once, and touches nothing else that any of them changes.
    public func change<Value>(_ values: inout [Value], _ body: (inout Value) -> Void) {
        values.withUnsafeMutableBufferPointer { buffer in
            let values = buffer
            forEach(values.count) { item, _ in body(&values[item]) }
        }
    }
}

private final class ClosureWork: ParallelWork {
    private let body: (Int, Int) -> Void

    init(_ body: @escaping (Int, Int) -> Void) { self.body = body }

    func perform(item: Int, worker: Int) { body(item, worker) }
}

/// The inner products of `rows` vectors with `columns` others, on the calling thread.
///
/// - Parameters:
///   - a: `[rows, length]`.
///   - b: `[columns, length]`.
///   - products: `[rows, columns]`; overwritten.
public func innerProducts(
    _ a: UnsafePointer<Float>, rows: Int, _ b: UnsafePointer<Float>, columns: Int, length: Int,
    into products: UnsafeMutablePointer<Float>
) {
    MatrixProduct.useOneThread
    MatrixProduct.multiply(
        a, aStride: length, b, .transposed, bStride: length, into: products, cStride: columns, m: rows, n: columns,
        k: length)
}

/// Sums of the outer products of pairs of rows, Σ aᵢᵀ bᵢ, on the calling thread.
///
/// - Parameters:
///   - a: `[count, columns]`, without gaps.
///   - b: `[count, columns]`, its rows `stride` apart.
///   - sums: `[columns of a, columns of b]`, its rows `stride` apart; overwritten.
public func outerProducts(
    _ a: UnsafePointer<Float>, columns left: Int, _ b: UnsafePointer<Float>, columns right: Int, stride: Int,
    count: Int, into sums: UnsafeMutablePointer<Float>, stride sumStride: Int
) {
    MatrixProduct.useOneThread
    MatrixProduct.multiply(
        a, .transposed, aStride: left, b, bStride: stride, into: sums, cStride: sumStride, m: left, n: right, k: count)
}

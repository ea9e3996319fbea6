import CKernels

#if canImport(Accelerate)
    import Accelerate
#else
    import COpenBLAS
#endif

/// Matrix products through CBLAS, row-major, always on the calling thread: the batch is cut over our own threads,
/// which two measured better than one product over two.
enum MatrixProduct {
    enum Form { case plain, transposed }

    /// OpenBLAS would start threads of its own: told once that it shall not.
    static let useOneThread: Void = {
        #if !canImport(Accelerate)
            openblas_set_num_threads(1)
        #endif
    }()

    /// Whether the products of CKernels are quicker than BLAS's where one factor is used once: not where BLAS has
    /// sixteen lanes or a unit for matrices.
    static let isOursQuicker: Bool = {
        #if canImport(Accelerate)
            false
        #else
            lw_has_wide_lanes() == 0
        #endif
    }()

    /// The name of the kernel that OpenBLAS chose for this processor; for benchmarks.
    static var kernelName: String {
        #if canImport(Accelerate)
            "Accelerate"
        #else
            openblas_get_corename().map { String(cString: $0) } ?? "OpenBLAS"
        #endif
    }

    /// c `[m, n]` = a `[m, k]` · b `[k, n]` + (accumulate ? c : 0), where a transposed operand is stored `[k, m]`, `[n, k]`.
    ///
    /// - Parameters:
    ///   - aStride, bStride, cStride: distance between the stored rows.
    @inline(__always)
    static func multiply(
        _ a: UnsafePointer<Float>, _ aForm: Form = .plain, aStride: Int,
        _ b: UnsafePointer<Float>, _ bForm: Form = .plain, bStride: Int,
        into c: UnsafeMutablePointer<Float>, cStride: Int, m: Int, n: Int, k: Int, accumulate: Bool = false
    ) {
        cblas_sgemm(
            CblasRowMajor, aForm == .plain ? CblasNoTrans : CblasTrans, bForm == .plain ? CblasNoTrans : CblasTrans,
            Int32(m), Int32(n), Int32(k), 1, a, Int32(aStride), b, Int32(bStride), accumulate ? 1 : 0, c, Int32(cStride)
        )
    }
}

import CKernels

/// What a space of images is measured with, on the calling thread.
public enum ImageKernels {
    /// φ = 2 arcsin √σ(x) = 2 arctan e^(x/2) of some numbers.
    ///
    /// - Parameters:
    ///   - numbers: `[count]`; overwritten with the angles.
    ///   - slopes: `[count]`; overwritten with dφ/dx = √(σ(x) (1 − σ(x))). Nil where they aren't wanted.
    public static func angles(
        of numbers: UnsafeMutablePointer<Float>, count: Int, slopes: UnsafeMutablePointer<Float>?
    ) {
        lw_angles(numbers, slopes, count)
    }

    /// The sum of four images, each times its weight.
    ///
    /// - Parameters:
    ///   - a, b, c, d: `[count]` each.
    ///   - sum: `[count]`; overwritten.
    public static func mix(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>, _ d: UnsafePointer<Float>,
        _ weights: SIMD4<Float>, count: Int, into sum: UnsafeMutablePointer<Float>
    ) {
        withUnsafeBytes(of: weights) {
            lw_mix_four(a, b, c, d, $0.assumingMemoryBound(to: Float.self).baseAddress, sum, count)
        }
    }

    /// How the images at the corners of a parallelogram, or nearly one, change along its sides u and v.
    ///
    /// - Parameters:
    ///   - low, high: the images at the ends of the lower and of the upper side, `[count]` each.
    /// - Returns: (‖u‖², u·v, ‖v‖²): squares as means of two opposite sides, the product as that of their means.
    public static func sides(
        low: (UnsafePointer<Float>, UnsafePointer<Float>), high: (UnsafePointer<Float>, UnsafePointer<Float>),
        count: Int
    ) -> SIMD3<Float> {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 3) { products in
            lw_cell_sides(low.0, low.1, high.0, high.1, count, products.baseAddress)
            return SIMD3(products[0], products[1], products[2])
        }
    }
}

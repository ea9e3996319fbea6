/// A smooth map from tones to colors: Chebyshev polynomials for red, green and blue.
struct ColorMap: Sendable {
    /// The coefficients of T₀, T₁ … over the tones 0…1 stretched to −1…1; red, green, blue and an unused fourth.
    let coefficients: [SIMD4<Float>]

    /// The color of a tone in 0…1, by Clenshaw's recurrence.
    func color(of tone: Float) -> (red: Float, green: Float, blue: Float) {
        let x = 2 * tone - 1
        var (next, afterNext) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
        for coefficient in coefficients.dropFirst().reversed() {
            (next, afterNext) = (coefficient + 2 * x * next - afterNext, next)
        }
        let color = (coefficients[0] + x * next - afterNext).limitedToUnit
        return (color.x, color.y, color.z)
    }
}

// viridis and magma are fitted by Scripts/fit-color-maps.py to the maps of Stéfan van der Walt, Nathaniel Smith and
// Eric Firing (2015, CC0).
extension ColorMap {
    /// Within 1.7/255 of the original at every tone.
    static let viridis = ColorMap(coefficients: [
        SIMD4(0.40863, 0.51870, 0.37598, 0),
        SIMD4(0.29802, 0.45473, -0.14651, 0),
        SIMD4(0.25486, -0.05742, -0.17046, 0),
        SIMD4(0.07991, -0.00478, 0.02138, 0),
        SIMD4(-0.03329, -0.00852, 0.01505, 0),
        SIMD4(-0.02005, 0.00083, 0.02909, 0),
        SIMD4(-0.00194, 0.00208, 0.01495, 0),
        SIMD4(0.00607, 0.00095, 0.00522, 0),
        SIMD4(0.00187, -0.00041, 0.00448, 0),
        SIMD4(-0.00439, 0.00026, 0.00169, 0),
        SIMD4(-0.00177, 0.00006, -0.00020, 0),
    ])
    /// Within 1.9/255 of the original at every tone.
    static let magma = ColorMap(coefficients: [
        SIMD4(0.59094, 0.37004, 0.41398, 0),
        SIMD4(0.55127, 0.47987, 0.24603, 0),
        SIMD4(-0.11836, 0.14424, -0.04396, 0),
        SIMD4(-0.06196, 0.02014, 0.15342, 0),
        SIMD4(0.01654, -0.01923, 0.00640, 0),
        SIMD4(0.00783, -0.00776, -0.02717, 0),
        SIMD4(0.00752, -0.00308, 0.00002, 0),
        SIMD4(-0.00541, 0.00754, -0.00713, 0),
        SIMD4(-0.00364, 0.00495, 0.00712, 0),
        SIMD4(0.00229, -0.00810, 0.00573, 0),
        SIMD4(0.00142, 0.00169, -0.00641, 0),
    ])
    /// A straight line from ink (16, 24, 64) to paper (255, 236, 208).
    static let twoTone = ColorMap(coefficients: [
        SIMD4(0.53137, 0.50980, 0.53333, 0),
        SIMD4(0.46863, 0.41569, 0.28235, 0),
    ])
}

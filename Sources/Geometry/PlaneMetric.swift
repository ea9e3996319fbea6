/// A metric on a plane of the latent space, at one of its points: a step (a, b) is √(a²·uu + 2ab·uv + b²·vv) long.
public struct PlaneMetric: Hashable, Sendable {
    public let uu: Double
    public let uv: Double
    public let vv: Double

    public init(uu: Double, uv: Double, vv: Double) {
        (self.uu, self.uv, self.vv) = (uu, uv, vv)
    }

    /// The magnification factor √det (Bishop, Svensén & Williams 1997): by how much the decoder enlarges an area of the
    /// plane.
    public var magnification: Double { max(0, uu * vv - uv * uv).squareRoot() }

    /// The length of a step of the plane.
    public func length(of a: Double, _ b: Double) -> Double {
        max(0, a * a * uu + 2 * a * b * uv + b * b * vv).squareRoot()
    }

    /// The direction in which images change fastest, and how fast they change along it and across.
    ///
    /// - Returns: a unit vector of the plane, and the greatest and the least length of a unit step: the square roots of the
    ///   eigenvalues.
    public var stretch: (direction: SIMD2<Double>, along: Double, across: Double) {
        let (middle, half) = ((uu + vv) / 2, (uu - vv) / 2)
        let radius = (half * half + uv * uv).squareRoot()
        // Of the eigenvector's two forms the one that does not vanish.
        let vector = half >= 0 ? SIMD2(half + radius, uv) : SIMD2(uv, radius - half)
        let norm = (vector * vector).sum().squareRoot()
        return (
            norm > 0 ? vector / norm : SIMD2(1, 0), (middle + radius).squareRoot(),
            max(0, middle - radius).squareRoot()
        )
    }
}

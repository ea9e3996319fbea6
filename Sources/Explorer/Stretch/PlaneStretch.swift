/// How the decoder stretches a plane of the latent space at one of its points.
///
/// Lengths of images are Euclidean: the root of the sum of the pixels' squared changes, pixels in 0…1.
public struct PlaneStretch: Hashable, Sendable {
    /// The direction on the plane in which images change fastest, a unit vector.
    public var direction: SIMD2<Float>
    /// By how much the image changes for a unit of z in this direction: the greater singular value of the decoder's
    /// Jacobian J on the plane.
    public var along: Float
    /// The same at a right angle to it: the lesser singular value.
    public var across: Float

    public init(direction: SIMD2<Float>, along: Float, across: Float) {
        self.direction = direction
        self.along = along
        self.across = across
    }

    /// The magnification factor √det JᵀJ (Bishop, Svensén & Williams 1997): by how much an area of the plane grows.
    public var magnification: Float { along * across }
}

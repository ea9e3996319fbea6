/// Why a question about a decoder's geometry has no answer. Each case prints one sentence.
public enum GeometryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Derivatives along all latents are wanted, and there are more than ``DecodedSpace/mostLatents``.
    case tooManyLatents(Int)
    /// A point has another number of coordinates than the space.
    case wrongDimension(found: Int, expected: Int)
    /// A point has a coordinate that is no number.
    case notFinite
    /// A path with fewer than two points.
    case tooFewPoints(Int)

    public var description: String {
        switch self {
        case .tooManyLatents(let count):
            "geodesics are for models of up to \(DecodedSpace.mostLatents) latents, and this one has \(count): take a straight "
                + "or a spherical path"
        case .wrongDimension(let found, let expected):
            "a point of this latent space has \(expected) coordinates, and this one has \(found)"
        case .notFinite: "a point's coordinates must be finite numbers"
        case .tooFewPoints(let count): "a path needs two points or more, and this one has \(count)"
        }
    }
}

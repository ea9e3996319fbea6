import Platform

/// A point of a latent space: one coordinate a latent, in units of the prior's standard deviation; and of a conditional
/// model the class that it is decoded as.
public struct LatentPoint: Hashable, Sendable {
    public var coordinates: [Float]
    /// The class that a conditional model is asked for there; nil of other models, and where nobody said one.
    public var label: ClassMix?

    public init(_ coordinates: [Float], label: ClassMix? = nil) {
        self.coordinates = coordinates
        self.label = label
    }
    public init(_ z0: Float, _ z1: Float) { coordinates = [z0, z1] }

    public var count: Int { coordinates.count }
    public subscript(latent: Int) -> Float {
        get { coordinates[latent] }
        set { coordinates[latent] = newValue }
    }

    /// log p(z) under the standard normal prior, in nats: −½ Σ (z² + log 2π).
    public var logPrior: Float {
        coordinates.reduce(0) { $0 - 0.5 * ($1 * $1 + Float(logTwoPi)) }
    }

    /// Euclidean distance.
    public func distance(to other: LatentPoint) -> Float {
        zip(coordinates, other.coordinates).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
}

import Platform

/// A point of a latent space: one coordinate a latent, in units of the prior's standard deviation.
public struct LatentPoint: Hashable, Sendable {
    public var coordinates: [Float]

    public init(_ coordinates: [Float]) { self.coordinates = coordinates }
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

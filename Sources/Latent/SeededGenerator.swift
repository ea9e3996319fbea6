import Platform

/// A small generator of random numbers with a seed, so that a session of keys can be played again (SplitMix64,
/// Steele, Lea and Flood 2014).
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A draw from the standard normal distribution (Box and Muller 1958).
    public mutating func nextNormal() -> Float {
        let radius = (-2 * logarithm(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
        return Float(radius * cosine(2 * Double.pi * Double.random(in: 0..<1, using: &self)))
    }
}

extension LatentPoint {
    /// A draw from the prior N(0, I).
    public static func prior(dimension: Int, using generator: inout SeededGenerator) -> LatentPoint {
        LatentPoint((0..<dimension).map { _ in generator.nextNormal() })
    }

    /// The point at `share` (0…1) of the straight line to another.
    public func interpolated(to other: LatentPoint, share: Float) -> LatentPoint {
        LatentPoint(
            zip(coordinates, other.coordinates).map { $0 + share * ($1 - $0) },
            label: label(towards: other, share: share))
    }
}

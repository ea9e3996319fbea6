/// How the codes of a data set spread along one latent: of one draw from each image's posterior, so that a latent that the
/// encoder leaves to the prior spreads as the prior does.
public struct LatentSpread: Hashable, Sendable {
    /// The middle 99 % of the draws; never empty.
    public let range: ClosedRange<Float>
    /// Their standard deviation; above zero.
    public let deviation: Float

    /// That of the prior, for want of data.
    public static let prior = LatentSpread(range: -3...3, deviation: 1)

    public init(range: ClosedRange<Float>, deviation: Float) {
        let least: Float = 1e-3
        let middle = (range.lowerBound + range.upperBound) / 2
        let isWide = range.upperBound - range.lowerBound >= least
        self.range = isWide ? range : middle - least / 2...middle + least / 2
        self.deviation = max(least / 10, deviation)
    }

    /// - Parameters:
    ///   - columns: the means of the images' posteriors.
    ///   - deviations: theirs, `[count, dimension]`; without any the means are the codes.
    ///   - seed: of the draws; the same draws each time.
    /// - Returns: one spread a latent.
    static func all(_ columns: LatentColumns, deviations: [Float]?, seed: UInt64 = 0) -> [LatentSpread] {
        var generator = SeededGenerator(seed: seed)
        return (0..<columns.dimension).map { latent in
            let draws = columns.places(of: latent).map { index in
                columns.means[index] + (deviations.map { $0[index] * generator.nextNormal() } ?? 0)
            }.filter(\.isFinite)
            guard !draws.isEmpty else { return .prior }
            let mean = draws.reduce(0, +) / Float(draws.count)
            let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(draws.count)
            return LatentSpread(range: middleRange(of: draws, share: 0.99), deviation: variance.squareRoot())
        }
    }
}

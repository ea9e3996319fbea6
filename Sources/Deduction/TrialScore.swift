import Platform

/// How near a model's reconstructions come to the pictures.
struct TrialScore: Hashable, Sendable {
    /// The share of the pictures' variance that is explained: 1 − Σ(y − x)² / Σ(x − x̄)².
    var explained: Double
    /// Pearson's correlation of all pixels.
    var correlation: Double

    /// - Parameters:
    ///   - made: what the decoder gives, brought to 0…1 by the pixels' range.
    init(_ made: [Float], _ pictures: [Float]) {
        let count = Double(max(1, pictures.count))
        var (sx, sy, sxx, syy, sxy, error) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for (y, x) in zip(made, pictures) {
            let (x, y) = (Double(x), Double(y))
            sx += x
            sy += y
            sxx += x * x
            syy += y * y
            sxy += x * y
            error += (y - x) * (y - x)
        }
        let variance = sxx - sx * sx / count
        let other = syy - sy * sy / count
        explained = variance > 0 && error.isFinite ? 1 - error / variance : -.infinity
        let both = (variance * other).squareRoot()
        correlation = both > 0 && both.isFinite ? (sxy - sx * sy / count) / both : 0
    }

    /// What answers are ordered by. Both count: a right shape with wrong contrast is not yet right.
    var value: Double { max(explained, -1) + correlation }

    /// What points that a decoder made up by itself say, which is less: an answer that is wrong in a detail finds them nearly
    /// as well, or better. So it is their error's logarithm that counts; below a hundredth all are as good.
    var evidence: Double { -logarithm(min(max(1 - explained, 0.01), 2)) }
}

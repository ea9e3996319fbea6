/// How a step between two points of the latent space is measured: by what it changes in the image.
///
/// With J the derivative of the decoded image by the latents, the pull-back metric is G(z) = λ(z)² JᵀWJ, and the length of
/// a path is ∫ √(żᵀGż) dt (Arvanitidis, Hansen & Hauberg 2018; Chen et al. 2018).
public struct LatentMetric: Hashable, Sendable {
    /// W: what a change of a pixel counts.
    public enum Weighting: Hashable, Sendable {
        /// 1: lengths are Euclidean distances between images, pixels in 0…1.
        case plain
        /// The Fisher information of a pixel: 1/(p (1 − p)) for a Bernoulli likelihood, 1/σ² for a Gaussian one. Lengths are
        /// then in units of what one drawn image could tell apart (Arvanitidis et al. 2022, "Pulling back information
        /// geometry").
        case fisher
    }

    public let weighting: Weighting
    /// λ²: what makes regions without data long; nil for 1 everywhere.
    public let density: LatentDensity?

    public static let plain = LatentMetric(weighting: .plain, density: nil)
    public static let fisher = LatentMetric(weighting: .fisher, density: nil)

    /// Longer where the aggregate posterior is thin. See ``LatentDensity``.
    public static func densityAware(_ density: LatentDensity, weighting: Weighting = .plain) -> LatentMetric {
        LatentMetric(weighting: weighting, density: density)
    }
}

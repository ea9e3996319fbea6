import Neural
import Platform

/// Where an image really belongs: what is known of p(z|x) over the plane of a model of two latents.
public struct ExactPosterior: Hashable, Sendable {
    /// −log p(x), in nats.
    public var negativeLogEvidence: Double
    /// Where its density is greatest.
    public var mode: SIMD2<Double>
    /// E −log p(x|z), in nats.
    public var reconstruction: Double
    /// E z.
    public var mean: SIMD2<Double>
    /// Variances of the two latents.
    public var variance: SIMD2<Double>
    /// Their covariance.
    public var covariance: Double
    /// The Gaussian with independent latents whose −ELBO is least of those found, from the densest place and from a given
    /// answer.
    public var gaussian: PlaneGaussian
    /// The −ELBO of that Gaussian, in nats.
    public var gaussianNegativeELBO: Double
    /// The spacing of the points that this was computed on.
    public var spacing: Double
    /// How far log p(x) would be off at twice the spacing, in nats. The error at the spacing itself is far less: for a
    /// Gaussian posterior, the fourth power.
    public var doubledSpacingError: Double
    /// Whether more than a thousandth of the posterior lies at the edge of the plane: then some of it is missing.
    public var reachesEdge: Bool

    /// KL(p(z|x) ‖ p(z)), in nats: −log p(x) = reconstruction + KL, with no bound between.
    public var kl: Double { negativeLogEvidence - reconstruction }
    /// The standard deviations of the two latents.
    public var deviation: SIMD2<Double> { variance.squareRoot() }

    /// What the Gaussian's shape costs: no Gaussian with independent latents was found that does better (approximation
    /// gap).
    public var approximationGap: Double { gaussianNegativeELBO - negativeLogEvidence }
}

extension ExactPosterior {
    /// - Parameter constant: what the points' values leave out, in nats.
    init(_ blocks: PosteriorBlocks, _ fit: GaussianFit, constant: Double) {
        negativeLogEvidence = constant - blocks.evidence
        var mean = SIMD2<Double>(repeating: 0)
        var squares = SIMD2<Double>(repeating: 0)
        var product = 0.0
        var value = 0.0
        // Around the Gaussian's middle, so that no digits are lost.
        let middle = fit.gaussian.mean
        blocks.forEachPoint { x, y, joint in
            let relative = Double(joint) - blocks.evidence
            guard relative > -40 else { return }
            let weight = exponential(relative)
            value += weight * Double(joint)
            let place = SIMD2(x, y) - middle
            mean += weight * place
            squares += weight * place * place
            product += weight * place.x * place.y
        }
        self.mean = mean + middle
        variance = squares - mean * mean
        covariance = product - mean.x * mean.y
        mode = blocks.peak
        // The values are log p(x, z) + log h²; of that, log p(z) is not the pixels'.
        let square = (variance + self.mean * self.mean).sum()
        let logPrior = -logTwoPi - 0.5 * square
        reconstruction = constant - value + 2 * logarithm(blocks.spacing) + logPrior
        gaussian = fit.gaussian
        gaussianNegativeELBO = constant - fit.bound
        spacing = blocks.spacing
        doubledSpacingError = blocks.doubledSpacingError
        reachesEdge = blocks.reachesEdge
    }
}

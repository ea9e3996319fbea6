/// What a model is worth on some images: means over them, in nats an image, with standard errors.
public struct ModelEvaluation: Hashable, Sendable {
    public var images: Int
    /// By the encoder's posterior, or whose was asked for: ``ModelEvaluator/inference``.
    public var negativeELBO: Estimate
    public var reconstruction: Estimate
    public var kl: Estimate
    /// KL of each latent; none by exact posteriors, whose latents depend on each other.
    public var divergences: [Estimate]
    /// The variance over the images of each latent's posterior mean; nil of one image, which has none.
    public var activities: [Double]?
    /// −log p(x), bounded by importance samples from the same posterior; nil where none were asked for.
    public var importanceBound: Estimate?
    /// By quadrature over the plane; nil where it was not asked for.
    public var exact: ExactFigures?
    /// Images of whose exact posterior more than a thousandth lies at the edge of the plane, ±6; nil where none is known.
    public var imagesAtEdge: Int?

    /// From which ``activities`` a latent counts as active (Burda et al. 2016).
    public static let leastActivity = 0.01

    /// The model's latents; exact posteriors are of two.
    public var latents: Int { divergences.isEmpty ? 2 : divergences.count }

    /// How many latents tell images apart; nil where that is not known.
    public var activeUnits: Int? { activities?.count { $0 > ModelEvaluation.leastActivity } }

    /// Whether all figures are numbers.
    public var isFinite: Bool {
        let exactOnes = exact.map { [$0.negativeLogEvidence, $0.approximationGap, $0.amortizationGap] } ?? []
        return ([negativeELBO, reconstruction, kl] + divergences + exactOnes + [importanceBound].compactMap { $0 })
            .allSatisfy { $0.mean.isFinite && $0.standardError?.isFinite ?? true }
            && activities?.allSatisfy(\.isFinite) ?? true
    }
}

/// What a model's inference loses (Cremer et al. 2018): −ELBO = −log p + approximation gap + amortization gap.
public struct ExactFigures: Hashable, Sendable {
    /// −log p(x).
    public var negativeLogEvidence: Estimate
    /// −ELBO of each image's best Gaussian with independent latents.
    public var gaussianNegativeELBO: Estimate
    /// What the Gaussian's shape costs: its −ELBO minus −log p.
    public var approximationGap: Estimate
    /// What the encoder's place and width cost: its −ELBO, or that of the posterior that was asked for, minus the best Gaussian's.
    public var amortizationGap: Estimate
    /// The widest spacing of points that an image was measured with.
    public var widestSpacing: Double
    /// The mean over the images of how far −log p would be off at twice the spacing, in nats: what is left at the
    /// spacing itself is far less.
    public var doubledSpacingError: Double

    /// - Parameter negativeELBOs: those that are judged, of the same images.
    init(_ posteriors: [ExactPosterior], negativeELBOs: [Double]) {
        negativeLogEvidence = Estimate(posteriors.map(\.negativeLogEvidence))
        gaussianNegativeELBO = Estimate(posteriors.map(\.gaussianNegativeELBO))
        approximationGap = Estimate(posteriors.map(\.approximationGap))
        amortizationGap = Estimate(zip(posteriors, negativeELBOs).map { $1 - $0.gaussianNegativeELBO })
        widestSpacing = posteriors.reduce(0) { max($0, $1.spacing) }
        doubledSpacingError = Estimate(posteriors.map(\.doubledSpacingError)).mean
    }
}

import Latent

/// Where an image belongs on the plane of a model of two latents: p(z|x), as exact as it is known by now.
public struct PlanePosterior: Hashable, Sendable {
    /// Squares on a side of the plane's part that was looked at.
    public var side: Int
    /// How far this part reaches on each side of the origin.
    public var halfExtent: Float
    /// log of the mass in each square, `[side, side]` from the least z₀ and z₁ on; −∞ where there is none to speak of.
    public var logMasses: [Float]
    /// Where its density is greatest.
    public var mode: LatentPoint
    /// Its mass in finer squares, where it has any, for draws and to be looked at closely; nil: not known yet.
    public var cells: PlaneCells?
    /// What an answer loses against it; nil: not known yet, or not asked for.
    public var gap: InferenceGap?
    /// What the model makes of the image by it; nil: not known yet, or not asked for.
    public var reconstruction: Reconstruction?

    /// - Precondition: there are side² masses.
    public init(
        side: Int, halfExtent: Float, logMasses: [Float], mode: LatentPoint, cells: PlaneCells? = nil,
        gap: InferenceGap?, reconstruction: Reconstruction? = nil
    ) {
        precondition(logMasses.count == side * side, "each square has its mass")
        self.side = side
        self.halfExtent = halfExtent
        self.logMasses = logMasses
        self.mode = mode
        self.cells = cells
        self.gap = gap
        self.reconstruction = reconstruction
    }
}

/// What an answer for one image loses, in nats (Cremer et al. 2018, "Inference suboptimality in variational
/// autoencoders").
public struct InferenceGap: Hashable, Sendable {
    /// Whose answer: the encoder's or a refined one.
    public var inference: InferenceMethod
    /// −ELBO of its Gaussian, in expectation.
    public var negativeELBO: Double
    /// −log p(x).
    public var exact: Double
    /// What the best Gaussian with independent latents that was found loses already: the approximation gap.
    public var shape: Double
    /// Whether some of the posterior lies where it was not looked for, so that all this is not quite so.
    public var isCut: Bool

    public init(
        inference: InferenceMethod = .encoder, negativeELBO: Double, exact: Double, shape: Double, isCut: Bool
    ) {
        self.inference = inference
        self.negativeELBO = negativeELBO
        self.exact = exact
        self.shape = shape
        self.isCut = isCut
    }

    /// All that is lost.
    public var total: Double { negativeELBO - exact }
    /// What it loses against the best Gaussian, by its place and its width: the amortization gap.
    public var place: Double { total - shape }
}

/// News of ``Work/posterior(_:)``.
public enum PosteriorNews: Hashable, Sendable {
    /// The plane is being decoded, which is done once for a model; the share that is done, 0…1.
    case surveying(share: Double)
    /// The posterior, and later the same more exactly.
    case found(PlanePosterior)
    /// This model has none that could be had.
    case unavailable
}

import Latent
import Pictures

/// What is to go through a model and back.
public enum ReconstructionSubject: Hashable, Sendable {
    /// An image of the data, by its index in the cloud, as some class where the model is conditional; nil: its own.
    case image(Int, as: Int? = nil)
    /// A picture of the model's own size and channels, as some class where the model is conditional; nil: the first.
    case picture(Picture, as: Int? = nil)

    /// The class that a conditional model is asked for; nil: an image's own.
    public var label: Int? {
        switch self {
        case .image(_, let label), .picture(_, let label): label
        }
    }
}

/// What a model makes of one image.
public struct Reconstruction: Hashable, Sendable {
    public var input: Picture
    /// Whose answer this is.
    public var inference: InferenceMethod
    /// The posterior's mean μ; of the exact one its mode.
    public var mean: LatentPoint
    /// Its standard deviation σ of each latent.
    public var deviations: LatentPoint
    /// The mean, decoded.
    public var decoded: Picture
    /// −log p(x|μ) in nats: at the mean, not sampled; of the exact posterior, the mean over it. Nil where the model has no
    /// likelihood.
    public var loss: Double?
    /// KL(q(z|x) ‖ p(z)) in nats.
    public var divergence: Double

    public init(
        input: Picture, inference: InferenceMethod = .encoder, mean: LatentPoint, deviations: LatentPoint,
        decoded: Picture, loss: Double?, divergence: Double
    ) {
        self.input = input
        self.inference = inference
        self.mean = mean
        self.deviations = deviations
        self.decoded = decoded
        self.loss = loss
        self.divergence = divergence
    }
}

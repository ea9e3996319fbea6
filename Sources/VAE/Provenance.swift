/// Where a model comes from: what it was trained with, and how well it does.
public struct Provenance: Hashable, Sendable {
    /// The data set's name: `mnist`.
    public var dataset: String?
    /// The recipe's name: `default`.
    public var recipe: String?
    /// The settings of its training, by name: `epochs`: `30`.
    public var settings: [String: String]
    /// The figures of its evaluation.
    public var evaluation: EvaluationFigures?

    public init(
        dataset: String? = nil, recipe: String? = nil, settings: [String: String] = [:],
        evaluation: EvaluationFigures? = nil
    ) {
        self.dataset = dataset
        self.recipe = recipe
        self.settings = settings
        self.evaluation = evaluation
    }
}

/// What an evaluation found, in nats an image.
public struct EvaluationFigures: Hashable, Sendable {
    /// What it was evaluated on: `mnist test`.
    public var data: String
    public var images: Int
    /// −log p(x|z), averaged over posterior samples and images.
    public var reconstruction: Double
    /// KL(q(z|x) ‖ p(z)).
    public var kl: Double

    /// −ELBO: reconstruction + KL.
    public var negativeELBO: Double { reconstruction + kl }

    public init(data: String, images: Int, reconstruction: Double, kl: Double) {
        self.data = data
        self.images = images
        self.reconstruction = reconstruction
        self.kl = kl
    }
}

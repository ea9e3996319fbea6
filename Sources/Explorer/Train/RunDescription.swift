/// What is known of a training run before its first step.
public struct RunDescription: Hashable, Sendable {
    /// What the numbers of its curves are.
    public enum Unit: Hashable, Sendable {
        case natsPerImage
        /// Another program's numbers.
        case unknown
        /// Another program's, and as small, or as large, as these are.
        case meanOverPixels, sumOverBatch
    }

    /// As it is shown: the run folder's name.
    public var name: String
    /// Epochs that are planned, and steps an epoch, where they are known.
    public var epochs: Int?
    public var stepsPerEpoch: Int?
    /// Values of an image: its pixels times its channels.
    public var valuesPerImage: Int?
    public var unit: Unit
    /// The columns or tags that curves come from, where another program named them.
    public var names: [RunQuantity: String] = [:]
    /// Whether the training runs in this process, so that it can be paused, stopped and so on; else it is only watched.
    public var isControlled: Bool
    /// What can be said before its first epoch is over, in one sentence.
    public var foresight: String?

    public init(
        name: String, epochs: Int? = nil, stepsPerEpoch: Int? = nil, valuesPerImage: Int? = nil,
        unit: Unit = .natsPerImage, isControlled: Bool, foresight: String? = nil
    ) {
        self.name = name
        self.epochs = epochs
        self.stepsPerEpoch = stepsPerEpoch
        self.valuesPerImage = valuesPerImage
        self.unit = unit
        self.isControlled = isControlled
        self.foresight = foresight
    }

    /// Steps of the whole run.
    var steps: Int? { epochs.flatMap { epochs in stepsPerEpoch.map { epochs * $0 } } }
}

/// What a run's curves are of.
public enum RunQuantity: String, CaseIterable, Hashable, Sendable {
    /// −ELBO at β = 1, and its two parts.
    case trainNegativeELBO, trainReconstruction, trainKL
    case validationNegativeELBO, validationReconstruction, validationKL
    /// What the gradient is of: with β and free bits.
    case objective
    case learningRate, beta
}

/// A point of a run's curves.
public struct RunMeasurement: Hashable, Sendable {
    /// Steps done in the whole run.
    public var step: Double
    /// What was measured there.
    public var values: [RunQuantity: Double]
    /// KL of each latent, in nats; empty where it is not known.
    public var divergences: [Double]

    public init(step: Double, values: [RunQuantity: Double], divergences: [Double] = []) {
        self.step = step
        self.values = values
        self.divergences = divergences
    }
}

/// How far a run is.
public struct RunProgress: Hashable, Sendable {
    /// Steps done, where nothing tells epochs.
    public var step: Int?
    /// The epoch that is going on, from 1, and its share that is done.
    public var epoch: Int?
    public var epochShare: Double?
    /// The share of the whole run that is done.
    public var share: Double?
    public var imagesPerSecond: Double?
    public var elapsed: Duration?
    public var remaining: Duration?
    public var learningRate: Double?
    public var beta: Double?
    /// The best validation so far, in nats an image, and its epoch.
    public var best: Double?
    public var bestEpoch: Int?
    /// What keeps a run from being watched, in one sentence; nil where nothing does.
    public var finding: String?
    /// How long a run that is watched has written nothing, once that is long.
    public var silence: Duration?

    public init() {}
}

/// How well a run's model is, by its latest validation or by the codes of some images.
public struct RunAssessment: Hashable, Sendable {
    /// KL of each latent, in nats.
    public var divergences: [Double]
    /// How many latents tell images apart; nil where that is not known.
    public var activeLatents: Int?
    /// What is wrong, in one sentence; nil where nothing is.
    public var finding: String?

    public init(divergences: [Double], activeLatents: Int?, finding: String?) {
        self.divergences = divergences
        self.activeLatents = activeLatents
        self.finding = finding
    }
}

/// What a run is doing.
public enum RunPhase: Hashable, Sendable {
    case running
    case paused
    /// A stop was asked for.
    case stopping
    /// All epochs are done, and the model is measured on the test images: the share that is done.
    case evaluating(Double, secondsLeft: Double)
    /// It is through; a line says how.
    case finished(String)
    /// It cannot go on; a sentence says why.
    case failed(String)

    /// Whether it has ended.
    var isOver: Bool {
        switch self {
        case .finished, .failed: true
        case .running, .paused, .stopping, .evaluating: false
        }
    }
}

/// A checkpoint that was kept on the way.
public struct KeptCheckpoint: Hashable, Sendable {
    /// As it is shown: "epoch 3".
    public var name: String
    public var path: String

    public init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}

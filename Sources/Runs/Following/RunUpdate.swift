import VAE

/// What a curve of a run shows.
public enum CurveKind: String, CaseIterable, Hashable, Sendable {
    case trainLoss
    case trainReconstruction
    case trainKL
    case validationLoss
    case validationReconstruction
    case validationKL
    /// What the gradient is of, where that is logged beside the loss: with β and free bits.
    case objective
    case learningRate
    /// The weight of the KL term.
    case beta
    case imagesPerSecond

    /// Whether it is a loss, so that ``LossScale`` is about it.
    public var isLoss: Bool {
        switch self {
        case .learningRate, .beta, .imagesPerSecond: false
        default: true
        }
    }
}

/// A point of a curve.
public struct CurvePoint: Hashable, Sendable {
    /// Where: see ``RunPosition/Unit``.
    public var step: Double
    public var value: Double

    public init(step: Double, value: Double) {
        self.step = step
        self.value = value
    }
}

/// How far a run that is followed has come, as far as its files tell.
public struct RunPosition: Hashable, Sendable {
    /// What curves are drawn over.
    public enum Unit: Hashable, Sendable {
        case step, epoch
        /// Rows of a table that has neither.
        case row
    }

    public var unit: Unit
    public var step: Double
    public var epoch: Double?
    /// How long the run has taken.
    public var seconds: Double?

    public init(unit: Unit, step: Double, epoch: Double? = nil, seconds: Double? = nil) {
        self.unit = unit
        self.step = step
        self.epoch = epoch
        self.seconds = seconds
    }
}

/// What the numbers of a followed run's losses are, as far as that can be told.
public enum LossScale: Hashable, Sendable {
    /// Nothing speaks for one or another.
    case unknown
    /// The run is one of ours: nats an image.
    case natsPerImage
    /// As large as nats an image are.
    case looksLikeNatsPerImage
    /// So small that they look like means over the pixels: times the number of pixels, where that is known, they would
    /// be nats an image.
    case looksLikeMeanOverPixels(pixels: Int?)
    /// So large that they look like sums over a batch.
    case looksLikeSumOverBatch
}

/// What `config.json` tells of a run of ours.
public struct RunFacts: Hashable, Sendable {
    public var recipe: String?
    public var dataset: String?
    public var epochs: Int?
    public var stepsPerEpoch: Int?
    /// Images of the network's size, channels × height × width.
    public var pixels: Int?

    public init(
        recipe: String? = nil, dataset: String? = nil, epochs: Int? = nil, stepsPerEpoch: Int? = nil,
        pixels: Int? = nil
    ) {
        self.recipe = recipe
        self.dataset = dataset
        self.epochs = epochs
        self.stepsPerEpoch = stepsPerEpoch
        self.pixels = pixels
    }
}

/// A model that a followed run saved.
public struct FollowedModel: Sendable {
    public var model: Model
    public var path: String
    /// What of it is a guess, in a clause; nil where nothing is.
    public var guessed: String?
}

/// Opens a model's file for whoever follows a run, as long as that may be written to: with what of it is a guess.
public typealias ModelOpener = (_ path: String) throws -> (model: Model, guessed: String?)

/// A model from along a run of ours.
public struct FollowedCheckpoint: Hashable, Sendable {
    /// Steps done by then.
    public var step: Int
    public var path: String
}

/// What is new in a run that is followed.
public enum RunUpdate: Sendable {
    /// The run is one of ours, or its `config.json` changed.
    case facts(RunFacts)
    /// A curve begins, or begins anew: it comes from the column or tag of this name.
    case curve(CurveKind, name: String)
    /// The run went back (it was resumed): what a curve has at this step and after it is gone.
    case dropped(CurveKind, from: Double)
    /// A curve goes on.
    case points(CurveKind, [CurvePoint])
    case position(RunPosition)
    case scale(LossScale)
    /// A newer model.
    case model(FollowedModel)
    /// What a run of ours does.
    case phase(FollowedPhase)
    /// All models that a run of ours keeps from along the way, the oldest first.
    case kept([FollowedCheckpoint])
    /// Something that cannot be read, in one sentence; nil when nothing is wrong any more.
    case problem(String?)
}

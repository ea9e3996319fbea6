import Latent
import Pictures

/// News of a run.
public enum RunNews: Sendable {
    /// There is a run; its view opens.
    case began(RunDescription)
    /// More is known of it.
    case described(RunDescription)
    case measured(RunMeasurement)
    case progressed(RunProgress)
    case assessed(RunAssessment)
    case phase(RunPhase)
    /// Something went wrong that does not end the run, in one sentence.
    case warned(String)
    /// All checkpoints that are kept, the oldest first.
    case kept([KeptCheckpoint])
    /// The engine has other weights of the same network now: those of the moment that is named, such as "epoch 7".
    case renewed(moment: String)
    /// What the newest weights make of the pictures that are shown.
    case pictures(RunPictures)
}

/// What the person asks of a run.
public enum RunRequest: Hashable, Sendable {
    case pause
    case proceed
    case checkpoint
    case scaleLearningRate(Double)
    case stop(saving: Bool)
    /// To leave the screen while the training goes on.
    case detach
    /// To show the weights of a kept checkpoint; nil: those of the present again.
    case show(KeptCheckpoint?)
    /// What to make anew with each new weights, until something else is asked for.
    case picture(RunPictureRequest)
}

/// The pictures that a view of a run shows.
public struct RunPictureRequest: Hashable, Sendable {
    public var number: Int
    /// Points to decode.
    public var points: [LatentPoint]
    /// How many of the fixed validation images to reconstruct.
    public var images: Int
    /// Whether the codes of the validation images are shown.
    public var wantsCodes: Bool

    /// The class that images are encoded and decoded as, where the model is conditional; nil: each its own.
    public var label: Int?

    public init(number: Int, points: [LatentPoint], images: Int, wantsCodes: Bool, label: Int? = nil) {
        self.label = label
        self.number = number
        self.points = points
        self.images = images
        self.wantsCodes = wantsCodes
    }
}

/// The answer to a ``RunPictureRequest``, once for each new weights.
public struct RunPictures: Hashable, Sendable {
    public var number: Int
    /// Whose weights they are by: "epoch 7".
    public var moment: String
    /// In the order of the request's points.
    public var tiles: [Picture]
    /// The fixed images, and what becomes of each.
    public var images: [Picture]
    public var reconstructions: [Picture]

    public init(number: Int, moment: String, tiles: [Picture], images: [Picture], reconstructions: [Picture]) {
        self.number = number
        self.moment = moment
        self.tiles = tiles
        self.images = images
        self.reconstructions = reconstructions
    }
}

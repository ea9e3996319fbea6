import VAE

/// What happens in a run. The trainer tells its listener and knows nothing of what becomes of it: a printed line, a
/// curve, a file.
public enum TrainingEvent: Sendable {
    /// Before the first step.
    case started(TrainingPlan)
    /// Now and then within an epoch.
    case progressed(TrainingProgress)
    /// After each epoch.
    case finishedEpoch(EpochReport)
    /// After the last epoch, or after a stop was asked for.
    case finished(Model)
}

/// What a run is going to do.
public struct TrainingPlan: Hashable, Sendable {
    public var recipe: String
    public var parameterCount: Int
    public var trainingImages: Int
    public var validationImages: Int
    public var epochs: Int
    public var batchSize: Int
    public var seed: UInt64
}

/// How far a run is.
public struct TrainingProgress: Hashable, Sendable {
    /// The epoch that is going on, from 1.
    public var epoch: Int
    /// Images seen in this epoch, of so many.
    public var images: Int
    public var imagesInEpoch: Int
    /// The mean terms of this epoch so far, in nats an image.
    public var terms: TrainingStep.Terms
    public var learningRate: Double
    /// Images a second, in this epoch.
    public var imagesPerSecond: Double
    /// Seconds until the run is through, at this speed.
    public var secondsLeft: Double
}

/// What an epoch brought.
public struct EpochReport: Hashable, Sendable {
    public var epoch: Int
    public var epochs: Int
    /// Means over the epoch's batches, each at the weights of its time, in nats an image.
    public var training: TrainingStep.Terms
    /// On the images that were held back; nil where there are none.
    public var validation: TrainingStep.Terms?
    public var imagesPerSecond: Double
    public var seconds: Double
    public var secondsLeft: Double
    public var learningRate: Double
}

/// Why a run cannot go on. Each case prints one sentence.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
    case wrongImages(found: String, expected: String)
    case tooFewImages(Int, validation: Int)
    case notFinite(epoch: Int, step: Int)
    case badSetting(String)

    public var description: String {
        switch self {
        case .wrongImages(let found, let expected):
            "the data set's images are \(found), but the recipe's network takes \(expected)"
        case .tooFewImages(let count, let validation):
            "\(count) images are too few to hold back \(validation) for validation: use a smaller --validation"
        case .notFinite(let epoch, let step):
            "the loss is not finite at step \(step) of epoch \(epoch): try a smaller --learning-rate"
        case .badSetting(let sentence):
            sentence
        }
    }
}

import VAE

/// What happens in a run. The trainer tells its listener and knows nothing of what becomes of it: a printed line, a
/// curve, a file.
public enum TrainingEvent: Sendable {
    /// Before the first step.
    case started(TrainingPlan)
    /// Twice a second, for displays; nothing to be recorded.
    case progressed(TrainingProgress)
    /// After every so many steps, always the same ones: a point of the curves.
    case measured(TrainingMeasurement)
    /// After each epoch.
    case finishedEpoch(EpochReport)
    /// The model as it is, on request.
    case snapshot(TrainingSnapshot)
    /// The whole state, to be kept.
    case checkpoint(TrainingState, CheckpointReason)
    case paused(TrainingPosition)
    case proceeded(TrainingPosition)
    case rateChanged(RateChange)
    /// A loss or a gradient that is not finite: the run ends with ``TrainingError/notFinite(_:)``. The state is the last
    /// one that was made of finite numbers, at the end of an epoch or for a checkpoint; nil if there was none.
    case failed(NonFiniteLoss, lastGood: TrainingState?)
    /// The end.
    case finished(TrainingOutcome)
}

/// Why there is a checkpoint.
public enum CheckpointReason: Hashable, Sendable {
    /// It was asked for.
    case requested
    /// The validation is better than any before.
    case best
    /// A stop was asked for.
    case stopped
    /// The run is through.
    case finished
}

/// How a run ended.
public struct TrainingOutcome: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// All epochs are done.
        case completed
        /// So many epochs brought no better validation.
        case ranOutOfPatience
        case stopped(saving: Bool)
    }

    public var reason: Reason
    public var state: TrainingState
}

/// What a run is going to do.
public struct TrainingPlan: Hashable, Sendable {
    public var recipe: String
    public var architecture: Architecture
    public var settings: TrainingSettings
    public var trainingImages: Int
    public var validationImages: Int
    /// Images a step: the settings' batch size, or all images if there are fewer.
    public var batchSize: Int
    public var stepsPerEpoch: Int
    /// A measurement comes after every so many steps, and after the last of an epoch.
    public var measurementInterval: Int
    /// Where it begins: elsewhere than at the start if it goes on from a state.
    public var start: TrainingPosition
    /// What can be said before it begins, a sentence each.
    public var foresight: [String] = []

    public var parameterCount: Int { architecture.parameterCount }
    public var epochs: Int { settings.epochs }
    public var seed: UInt64 { settings.seed }
    /// Steps of the whole run.
    public var steps: Int { settings.epochs * stepsPerEpoch }
}

/// How far a run is.
public struct TrainingProgress: Hashable, Sendable {
    /// The epoch that is going on, from 1.
    public var epoch: Int
    /// Images seen in this epoch, of so many.
    public var images: Int
    public var imagesInEpoch: Int
    /// Means over this epoch so far.
    public var means: LossMeans
    public var learningRate: Double
    public var beta: Double
    /// Images a second, in the last half second.
    public var imagesPerSecond: Double
    /// How long the run has taken, pauses left out.
    public var seconds: Double
    /// Seconds until the run is through, validations included; nil until that can be told.
    public var secondsLeft: Double?
}

/// A point of the curves.
public struct TrainingMeasurement: Hashable, Sendable {
    /// The epoch that is going on, from 1.
    public var epoch: Int
    /// Steps done in the epoch, and in the whole run.
    public var stepInEpoch: Int
    public var step: Int
    /// How long the run has taken, pauses left out.
    public var seconds: Double
    /// Means over the steps since the last measurement.
    public var means: LossMeans
    /// Of the last step.
    public var learningRate: Double
    /// The weight of the KL term in the last step.
    public var beta: Double
    /// The Euclidean norm of the last step's gradient, before clipping.
    public var gradientNorm: Double
    /// Images a second since the last measurement.
    public var imagesPerSecond: Double
}

/// What an epoch brought.
public struct EpochReport: Hashable, Sendable {
    public var epoch: Int
    public var epochs: Int
    /// Steps done in the whole run.
    public var step: Int
    /// Means over the epoch's steps, each at the weights of its time.
    public var training: LossMeans
    /// On the images that were held back, by the weights that are saved; nil where there are none.
    public var validation: DatasetEvaluation?
    /// Whether the validation is better than any before; with none held back every epoch counts as best.
    public var isBest: Bool
    /// The best so far.
    public var best: BestValidation?
    /// Images a second in this epoch's steps.
    public var imagesPerSecond: Double
    /// How long the run has taken, pauses left out, and the epoch alone.
    public var seconds: Double
    public var secondsInEpoch: Double
    public var secondsLeft: Double
    /// Of the last step.
    public var learningRate: Double
    public var beta: Double

    /// What is wrong with the model, by the validation, or by the training where no images are held back.
    public var health: [TrainingHealth.Finding] {
        validation.map { TrainingHealth.findings($0) } ?? TrainingHealth.findings(training)
    }
}

/// The learning rate was changed on request.
public struct RateChange: Hashable, Sendable {
    public var position: TrainingPosition
    /// Steps done in the whole run.
    public var step: Int
    /// What the schedule's rate is multiplied by from now on.
    public var factor: Double
    /// The next step's rate.
    public var learningRate: Double
}

/// A model in the midst of its training.
public struct TrainingSnapshot: Sendable {
    /// With the weights that would be saved now.
    public var model: Model
    public var position: TrainingPosition
    /// Steps done in the whole run.
    public var step: Int
}

import Files
import Neural
import Runs
import Training

extension TrainingError: CommandError {
    var exit: SystemExit {
        switch self {
        case .wrongImages: .dataError
        case .tooFewImages, .badSetting: .usage
        case .notFinite, .wrongState: .dataError
        case .missing(let part): part.exit
        }
    }
}

extension ArchitectureError: CommandError {
    var exit: SystemExit { .usage }
}

/// Why a run ended otherwise than it should have. Each case prints one sentence.
enum TrainingFailure: CommandError {
    case notFinite(NonFiniteLoss, checkpoint: (path: String, step: Int)?)
    /// The training is done, but its last state or its best model could not be written.
    case notSaved(RunError, model: RunRecorder.KeptModel?)

    var description: String {
        switch self {
        case .notFinite(let loss, let checkpoint?):
            "\(loss); the last good checkpoint is \(checkpoint.path.printable), of step \(checkpoint.step)"
        case .notFinite(let loss, nil): "\(loss); there was no checkpoint before it"
        case .notSaved(let error, let model?):
            "the end of the run is not saved: \(error); \(model.path.printable), "
                + "\(model.isBest ? "the best model" : "the best model of an earlier epoch"), is there and whole"
        case .notSaved(let error, nil): "the end of the run is not saved, and no model: \(error)"
        }
    }

    var exit: SystemExit {
        switch self {
        case .notFinite: .dataError
        case .notSaved(let error, _): error.exit
        }
    }
}

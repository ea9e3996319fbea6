import Neural
import Training

extension TrainingError: CommandError {
    var exit: SystemExit {
        switch self {
        case .wrongImages: .dataError
        case .tooFewImages, .badSetting: .usage
        case .notFinite, .wrongState: .dataError
        }
    }
}

extension ArchitectureError: CommandError {
    var exit: SystemExit { .usage }
}

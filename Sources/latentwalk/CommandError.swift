import Checkpoints
import Datasets
import Files

/// The exit codes of `sysexits.h` that are used here; 0 is success.
enum SystemExit: Int32 {
    case usage = 64
    case dataError = 65
    case noInput = 66
    case unavailable = 69
    case cannotCreate = 73
    case inputOutput = 74
    case temporaryFailure = 75
}

/// An error that the user can do something about: it prints one sentence, and scripts tell its kind by the exit code.
protocol CommandError: Error, CustomStringConvertible {
    var exit: SystemExit { get }
}

extension DatasetError: CommandError {
    var exit: SystemExit {
        switch self {
        case .unreadable, .noData, .missingSplit, .notFound, .unknown, .noSample, .unsupported, .undivided: .noInput
        case .malformed, .labelCount, .picture, .noGoodPicture, .mixedSizes, .tooMuch, .tooManyClasses, .array:
            .dataError
        }
    }
}

extension FetchError: CommandError {
    var exit: SystemExit {
        switch self {
        case .badMirror: .usage
        case .unavailable: .unavailable
        case .cannotWrite: .cannotCreate
        case .busy, .cancelled: .temporaryFailure
        }
    }
}

extension FileError: CommandError {
    var exit: SystemExit {
        switch self {
        case .cannotCreate: .cannotCreate
        case .cannotWrite: .inputOutput
        case .notFound, .isFolder, .notRegular, .cannotRead, .outside, .changed: .noInput
        }
    }
}

extension CheckpointError: CommandError {
    var exit: SystemExit {
        switch self {
        case .file(let error): error.exit
        case .invalid(_, .foreign(let problem)) where problem.kind == .options: .usage
        case .invalid(_, .foreign(let problem)) where problem.kind == .noInput: .noInput
        case .invalid: .dataError
        }
    }
}

extension InstallationError: CommandError {
    var exit: SystemExit { .noInput }
}

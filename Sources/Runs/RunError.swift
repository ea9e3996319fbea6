import Checkpoints
import Files

/// Why a run's folder cannot be used. Each case prints one sentence.
public enum RunError: Error, Hashable, Sendable, CustomStringConvertible {
    // Beginning.
    case taken(folder: String)
    case notWritable(folder: String, reason: String)

    // Going on.
    case noRun(folder: String)
    case inUse(folder: String, process: Int?, host: String?)
    case finished(folder: String, epochs: Int, ranOutOfPatience: Bool)
    case dataChanged(folder: String, what: String)
    case notAllowed(String)
    case badState(path: String, String)

    // Files.
    case file(FileError)
    case checkpoint(CheckpointError)
    case badFile(path: String, FieldProblem)
    case foreignMetrics(path: String)

    public var description: String {
        switch self {
        case .taken(let folder):
            "\(folder.printable) holds a run or a model already: go on with it with --resume, name another folder with "
                + "--out, or move that one away"
        case .notWritable(let folder, let reason):
            "cannot write to the folder \(folder.printable) (\(reason)): name another with --out"
        case .noRun(let folder):
            "\(folder.printable) holds no run: it has no config.json that latentwalk train wrote"
        case .inUse(let folder, let process?, let host?):
            "\(folder.printable) is being trained by process \(process) on \(host.printable): wait for it, or end it"
        case .inUse(let folder, _, _):
            "\(folder.printable) is being trained by another process: wait for it, or end it"
        case .finished(let folder, let epochs, false):
            "\(folder.printable) has done all of its \(epochs) epochs: name more with --epochs, or begin another run"
        case .finished(let folder, _, true):
            "\(folder.printable) has ended, since its validation got no better: begin another run"
        case .dataChanged(let folder, let what):
            "the data set is not the one that \(folder.printable) was begun with (\(what)): name that one with --data"
        case .notAllowed(let sentence): sentence
        case .badState(let path, let reason):
            "\(path.printable) cannot be gone on from: \(reason)"
        case .file(let error): error.description
        case .checkpoint(let error): error.description
        case .badFile(let path, let problem): "\(path.printable): \(problem)"
        case .foreignMetrics(let path):
            "\(path.printable) does not begin with the columns of a run: move it away, the run goes on without it"
        }
    }
}

/// What is wrong with a JSON file of ours that people may have written.
public enum FieldProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case notJSON(String)
    case missing(String)
    case wrong(String, expected: String, found: String)
    case unknown(String)
    case newerVersion(Int)
    /// Fields that are right each, and wrong together; or a value out of its range.
    case unfit(String)

    public var description: String {
        switch self {
        case .notJSON(let reason): "this is no JSON: \(reason)"
        case .missing(let field): "\(field.printable) is missing"
        case .wrong(let field, let expected, let found):
            "\(field.printable) must be \(expected), and is \(found.prefix(60).printable)"
        case .unknown(let field): "\(field.prefix(80).printable) is not known: take it out, or check its spelling"
        case .newerVersion(let version): "it has version \(version) and is of a later latentwalk: update latentwalk"
        case .unfit(let sentence): sentence
        }
    }
}

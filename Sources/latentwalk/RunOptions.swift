import ArgumentParser
import Files
import Runs

/// The options that say where a run is kept, and how.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder of the run; it is made. (default: run-DATA)", valueName: "run"),
        completion: .directory)
    var out: String?

    @Option(
        help: ArgumentHelp(
            """
            Go on with the run in this folder as if nothing had happened. What the run was begun with holds; only \
            --epochs may be given anew, where the schedule is constant, and --data, where the same images lie \
            elsewhere.
            """, valueName: "run"), completion: .directory)
    var resume: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds between two checkpoints of the whole state.", valueName: "seconds"))
    var checkpointInterval = 60.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Keep so many models from along the run in RUN/checkpoints, from the untrained one on, ever further apart.",
            valueName: "count"))
    var keep: Int?

    func validate() throws {
        guard out == nil || resume == nil else {
            throw ValidationError("--resume goes on in the run's own folder: leave --out away.")
        }
        guard checkpointInterval >= 0, checkpointInterval <= 1e9 else {
            throw ValidationError("--checkpoint-interval must be 0 seconds or more.")
        }
        if let keep, !(2...10_000).contains(keep) { throw ValidationError("--keep must be 2 to 10000.") }
    }

    var recording: RunRecorder.Options { RunRecorder.Options(interval: checkpointInterval, kept: keep) }

    /// The folder of a new run.
    func newFolder(data: String) -> String {
        if let out { return out }
        let name = Folder.name(of: data)
        return "run-\(["/", ".", ".."].contains(name) ? "data" : name)"
    }
}

extension RunError: CommandError {
    var exit: SystemExit {
        switch self {
        case .taken, .notWritable: .cannotCreate
        case .noRun: .noInput
        case .inUse: .temporaryFailure
        case .finished, .notAllowed: .usage
        case .dataChanged, .badState, .badFile, .foreignMetrics: .dataError
        case .file(let error): error.exit
        case .checkpoint(let error): error.exit
        }
    }
}

import Checkpoints
import EventFiles
import Files
import Training
import VAE

/// The folder of a run, held by this process: nobody else trains in it meanwhile.
///
/// Documentation/run-folder.md says what is in it.
public final class RunFolder {
    public let path: String
    public private(set) var configuration: RunConfiguration
    private let lock: FileLock

    private init(_ path: String, _ configuration: RunConfiguration, _ lock: FileLock) {
        self.path = path
        self.configuration = configuration
        self.lock = lock
    }

    /// Lets others have the folder; for when the process is about to end. Nothing may be written into it afterwards.
    public func release() { lock.release() }

    /// The model that is best by validation.
    public var modelPath: String { "\(path)/model\(NativeModel.suffix)" }
    /// The whole state at the last checkpoint.
    public var statePath: String { "\(path)/last\(NativeModel.suffix)" }
    var metricsPath: String { "\(path)/metrics.csv" }
    var keptPath: String { "\(path)/checkpoints" }
    var logPath: String { "\(path)/log.jsonl" }
    private static func configurationPath(_ path: String) -> String { "\(path)/config.json" }

    // MARK: Beginning

    /// Whether a folder can be begun in; said before anything is loaded or computed, and without making it.
    ///
    /// - Throws: ``RunError/taken(folder:)``.
    public static func check(_ path: String) throws(RunError) {
        for name in ["config.json", "model\(NativeModel.suffix)", "last\(NativeModel.suffix)"]
        where GrowingFile.identity(of: "\(path)/\(name)") != nil {
            throw .taken(folder: path)
        }
    }

    /// Makes the folder of a new run, and those above it. Nothing that is there is overwritten.
    ///
    /// - Throws: ``RunError/taken(folder:)``, ``RunError/notWritable(folder:reason:)``, ``RunError/inUse(folder:process:host:)``.
    public static func begin(_ path: String, _ configuration: RunConfiguration) throws(RunError) -> RunFolder {
        try check(path)
        do {
            try Folder.make(path)
            let lock = try hold(path)
            // Another process may have begun and ended here in between.
            try check(path)
            let folder = RunFolder(path, configuration, lock)
            try folder.writeConfiguration()
            return folder
        } catch let error as RunError {
            throw error
        } catch let FileError.cannotCreate(_, reason), let FileError.cannotWrite(_, reason) {
            throw .notWritable(folder: path, reason: reason)
        } catch {
            throw .notWritable(folder: path, reason: "\(error)")
        }
    }

    private func writeConfiguration() throws(FileError) {
        let text = configuration.json.indentedText + "\n"
        try AtomicFile.write(Array(text.utf8), to: RunFolder.configurationPath(path))
    }

    private static func hold(_ path: String) throws(RunError) -> FileLock {
        do {
            return try FileLock("\(path)/lock")
        } catch .held(_, let process, let host) {
            throw .inUse(folder: path, process: process, host: host)
        } catch .file(.cannotCreate(_, let reason)) {
            throw .notWritable(folder: path, reason: reason)
        } catch {
            throw .notWritable(folder: path, reason: "\(error)")
        }
    }

    // MARK: Going on

    /// Opens the folder of a run that was begun before.
    ///
    /// - Throws: ``RunError``: there is none, it is in use, its `config.json` is not what it must be.
    public static func open(_ path: String) throws(RunError) -> RunFolder {
        guard GrowingFile.identity(of: configurationPath(path)) != nil else { throw .noRun(folder: path) }
        let lock = try hold(path)
        return RunFolder(path, try RunConfiguration.read(configurationPath(path)), lock)
    }

    /// The state at the last checkpoint; nil where the run ended before its first.
    ///
    /// - Throws: ``RunError``.
    public func state() throws(RunError) -> TrainingState? {
        guard GrowingFile.identity(of: statePath) != nil else { return nil }
        let (model, part): (Model, Checkpoint.TrainingPart?)
        do {
            // Not by ModelFile: a run's own file, and it holds more than a model.
            let file = try SafetensorsFile(statePath)
            model = try Checkpoint.model(of: file)
            part = try Checkpoint.training(of: file)
        } catch {
            throw .checkpoint(error)
        }
        guard let part else { throw .badState(path: statePath, "it holds a model, and no state of a training") }
        guard model.architecture == configuration.architecture else {
            throw .badState(path: statePath, "its network is not the one of config.json")
        }
        do {
            return try TrainingState(tensors: model.tensors, part)
        } catch {
            throw .badFile(path: statePath, error)
        }
    }

    /// Lets the run have another number of epochs from now on.
    ///
    /// That is allowed where the run then goes on just as one that was begun with this number: where neither learning
    /// rate nor KL warm-up are laid out over the run's length.
    ///
    /// - Throws: ``RunError/notAllowed(_:)``.
    public func extend(to epochs: Int, from state: TrainingState?) throws(RunError) {
        var settings = configuration.settings
        guard epochs != settings.epochs else { return }
        guard settings.schedule == .constant else {
            throw .notAllowed(
                "--epochs cannot change the run \(path.printable): its schedule \(settings.schedule.name) is laid out "
                    + "over its \(settings.epochs) epochs; begin another run")
        }
        if case .cyclical = settings.klWarmup {
            throw .notAllowed(
                "--epochs cannot change the run \(path.printable): its cyclical KL warm-up is laid out over its "
                    + "\(settings.epochs) epochs; begin another run")
        }
        let done = (state?.position.epoch ?? 1) - 1
        guard epochs > done || epochs == done && (state?.position.step ?? 0) == 0 else {
            throw .notAllowed("--epochs \(epochs) is too few: \(path.printable) has done \(done) epochs already")
        }
        settings.epochs = epochs
        do throws(TrainingError) { try settings.check() } catch { throw .notAllowed("\(error)") }
        configuration.settings = settings
    }

    /// Refuses a run that is through.
    ///
    /// - Throws: ``RunError/finished(folder:epochs:ranOutOfPatience:)``.
    public func checkUnfinished(_ state: TrainingState?) throws(RunError) {
        guard let state else { return }
        let settings = configuration.settings
        let isOut = settings.patience.map { state.epochsWithoutImprovement >= $0 } ?? false
        guard state.position.epoch <= settings.epochs, !isOut else {
            let isDone = state.position.epoch > settings.epochs
            throw .finished(folder: path, epochs: settings.epochs, ranOutOfPatience: !isDone)
        }
    }

    /// Refuses other data than the run was begun with.
    ///
    /// - Throws: ``RunError/dataChanged(folder:what:)``.
    public func check(_ data: RunConfiguration.Data) throws(RunError) {
        let expected = configuration.data
        guard data.images == expected.images else {
            throw .dataChanged(folder: path, what: "\(data.images) images where it had \(expected.images)")
        }
        guard data.checksum == expected.checksum else {
            throw .dataChanged(folder: path, what: "as many images, but other ones")
        }
    }

    /// Takes back what files tell of steps after the state that the run goes on from, so that they will be as if
    /// nothing had happened.
    ///
    /// - Parameter state: nil: from the start.
    /// - Throws: ``RunError``.
    public func rewind(to state: TrainingState?) throws(RunError) {
        let step = state?.moments.updates ?? 0
        do {
            try MetricsTable.drop(after: step, in: metricsPath)
            for name in try Folder.names(in: path) where name.contains(EventFileWriter.nameMark) {
                do {
                    try EventFileTruncation.drop(after: step, in: "\(path)/\(name)")
                } catch .file(let error) {
                    throw error
                } catch {
                    // Some other file of that name; it stays.
                }
            }
            try KeptCheckpoints.drop(after: state == nil ? -1 : step, in: keptPath)
            try writeConfiguration()
        } catch let error as RunError {
            throw error
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .notWritable(folder: path, reason: "\(error)")
        }
    }
}

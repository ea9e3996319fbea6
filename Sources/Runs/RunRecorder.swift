import Checkpoints
import Datasets
import Files
import JSON
import Platform
import Training
import VAE

/// Listens to a run and keeps it: curves as they come, the state at intervals, the best model.
///
/// What cannot be written does not stop the training: a warning says so, the last good checkpoint stays as it is, and
/// the next interval tries again. ``failure`` tells at the end whether the last state was saved.
public final class RunRecorder {
    public struct Options: Hashable, Sendable {
        /// Seconds between two checkpoints.
        public var interval: Double
        /// How many models from along the run are kept in `checkpoints/`, 2 or more; nil: none.
        public var kept: Int?

        public init(interval: Double = 60, kept: Int? = nil) {
            self.interval = interval
            self.kept = kept
        }
    }

    /// Where time comes from; a test has its own.
    public struct Clock {
        /// Seconds since some moment.
        public var seconds: () -> Double
        /// Seconds since 1970.
        public var wallTime: () -> Double

        public init(seconds: @escaping () -> Double, wallTime: @escaping () -> Double) {
            self.seconds = seconds
            self.wallTime = wallTime
        }
    }

    private let folder: RunFolder
    private let trainer: Trainer
    private let inbox: TrainingInbox
    private let options: Options
    private let clock: Clock
    private let warn: (String) -> Void
    private let measurements: MeasurementLog
    private let log: RunLog
    private var kept: KeptCheckpoints?
    private var lastTry: Double
    private var isAsked = false
    /// A best state whose model could not be written yet.
    private var unsavedBest: TrainingState?
    private var hasModel: Bool
    /// Steps done, as far as events told.
    private var step = 0

    /// The step of the state that the folder holds; nil where it holds none.
    public private(set) var savedStep: Int?
    /// Why the newest state that was to be saved is not.
    public private(set) var failure: RunError?

    /// A model that the folder holds, whole.
    public struct KeptModel: Hashable, Sendable {
        public let path: String
        /// Whether it is the best one; else the best could not be written, and it is an earlier one.
        public let isBest: Bool

        public init(path: String, isBest: Bool) {
            self.path = path
            self.isBest = isBest
        }
    }

    /// The folder's model; nil where it holds none.
    public var keptModel: KeptModel? {
        hasModel ? KeptModel(path: folder.modelPath, isBest: unsavedBest == nil) : nil
    }

    /// Begins to write into a folder, where ``RunFolder/rewind(to:)`` has been called if the run goes on.
    ///
    /// - Parameters:
    ///   - state: what the run goes on from.
    ///   - inbox: the run's, for asking for checkpoints.
    ///   - warn: gets a sentence when something cannot be written, and when it can be again.
    /// - Throws: ``RunError``.
    public init(
        _ folder: RunFolder, trainer: Trainer, state: TrainingState?, inbox: TrainingInbox, options: Options,
        clock: Clock, warn: @escaping (String) -> Void
    ) throws(RunError) {
        self.folder = folder
        self.trainer = trainer
        self.inbox = inbox
        self.options = options
        self.clock = clock
        self.warn = warn
        measurements = try MeasurementLog(folder, wallTime: clock.wallTime(), process: Int(getpid()))
        log = RunLog(folder.logPath, wallTime: clock.wallTime)
        lastTry = clock.seconds()
        savedStep = state?.moments.updates
        hasModel = GrowingFile.identity(of: folder.modelPath) != nil
    }

    /// Takes an event of the run.
    public func hear(_ event: TrainingEvent) {
        switch event {
        case .started(let plan): begin(plan)
        case .progressed: askIfDue()
        case .measured(let measurement):
            step = measurement.step
            measurements.add(measurement, wallTime: clock.wallTime())
            flush()
            if kept?.isDue(at: measurement.step) == true { inbox.post(.snapshot) }
            askIfDue()
        case .finishedEpoch(let report):
            measurements.add(report, wallTime: clock.wallTime())
            flush()
        case .snapshot(let snapshot): keep(snapshot.step) { snapshot.model }
        case .checkpoint(let state, let reason): take(state, reason)
        case .paused:
            log.add("paused", step: step)
            ask()
        case .proceeded: log.add("proceeded", step: step)
        case .rateChanged(let change):
            log.add(
                "learning_rate", step: change.step,
                ["factor": .number(change.factor), "learning_rate": .number(change.learningRate)])
            // A kill must not forget what somebody decided.
            ask()
        case .failed(let loss, let lastGood):
            log.add("failed", step: loss.step, ["reason": .string(loss.description)])
            if let lastGood, lastGood.moments.updates > savedStep ?? -1 { save(lastGood) }
        case .finished(let outcome): finish(outcome)
        }
    }

    private func begin(_ plan: TrainingPlan) {
        step = plan.start.steps(perEpoch: plan.stepsPerEpoch)
        log.add(step == 0 && savedStep == nil ? "started" : "resumed", step: step)
        guard let count = options.kept else { return }
        let kept = KeptCheckpoints(
            folder: folder.keptPath, count: count, first: plan.measurementInterval, last: plan.steps)
        self.kept = kept
        if kept.isDue(at: step) { inbox.post(.snapshot) }
    }

    private func finish(_ outcome: TrainingOutcome) {
        let ending: RunEnding
        switch outcome.reason {
        case .completed: ending = .completed
        case .ranOutOfPatience: ending = .ranOutOfPatience
        case .stopped(let saving): ending = saving ? .stopped : .stoppedWithoutSaving
        }
        log.add("finished", step: outcome.state.moments.updates, ["reason": .string(ending.rawValue)])
        try? measurements.synchronize()
    }

    // MARK: Asking

    private func askIfDue() {
        if !isAsked, clock.seconds() - lastTry >= options.interval { ask() }
    }

    private func ask() {
        isAsked = true
        inbox.post(.checkpoint)
    }

    // MARK: Writing

    private func flush() {
        do {
            try measurements.flush()
        } catch {
            tell(.file(error), "the run goes on; what is missing will be written when it can be")
        }
    }

    private func take(_ state: TrainingState, _ reason: CheckpointReason) {
        isAsked = false
        if reason == .best { unsavedBest = state }
        // At the end nobody answers requests any more.
        keep(state.moments.updates) { try? self.model(state) }
        save(state)
    }

    /// Curves first, then the model, then the state: whatever the state on the disk speaks of is there.
    private func save(_ state: TrainingState) {
        lastTry = clock.seconds()
        do {
            try measurements.synchronize()
            // Until an epoch is done there is no best, and any model is better than none.
            if let best = unsavedBest ?? (hasModel ? nil : state) {
                try Checkpoint.write(model(best), to: folder.modelPath)
                hasModel = true
                unsavedBest = nil
            }
            try Checkpoint.write(
                Model(
                    architecture: trainer.architecture, tensors: state.tensors,
                    provenance: trainer.model(state, dataset: folder.configuration.data.name).provenance),
                training: state.trainingPart, to: folder.statePath)
            savedStep = state.moments.updates
            if failure != nil {
                failure = nil
                warn(
                    "\(folder.path.printable) can be written again: the state of step \(state.moments.updates) is saved"
                )
            }
        } catch let error as FileError {
            fail(.file(error), state)
        } catch let error as CheckpointError {
            fail(.checkpoint(error), state)
        } catch {
            fail(.badState(path: folder.statePath, "\(error)"), state)
        }
    }

    private func model(_ state: TrainingState) throws -> Model {
        try trainer.model(state, dataset: folder.configuration.data.name)
    }

    private func fail(_ error: RunError, _ state: TrainingState) {
        let stays = savedStep.map { "the checkpoint of step \($0) stays" } ?? "there is no checkpoint yet"
        tell(error, "\(stays), the run goes on, and the next checkpoint tries again")
        failure = error
    }

    /// A warning is not said twice in a row.
    private func tell(_ error: RunError, _ consequence: String) {
        guard failure != error else { return }
        failure = error
        warn("\(error); \(consequence)")
    }

    private func keep(_ step: Int, _ model: () -> Model?) {
        guard kept?.isDue(at: step) == true, let model = model() else { return }
        do {
            try kept?.keep(model, step: step)
        } catch {
            tell(error, "the run goes on without the model of step \(step) in \(folder.keptPath.printable)")
        }
    }
}

import Checkpoints
import Datasets
import Dispatch
import Explorer
import Files
import ModelFiles
import Platform
import Runs
import Session
import Training
import VAE

/// Shows a training on the terminal while it goes on. The screen has a thread of its own; the training's thread tells this
/// listener and never waits for the screen.
///
/// When the person detaches, plain lines go on; when the terminal goes away, the training goes on in silence, writing its
/// files: `latentwalk watch` opens the view on them again.
final class LiveView: TrainingListener {
    private let training: LiveTraining
    private let screen: ScreenThread
    private let keptFolder: String
    private let name: String
    private var plan: TrainingPlan?
    /// After the view was left while the training goes on.
    private var plain: (any TrainingListener)?
    private let interrupt: Interrupt
    private var notes: [String] = []
    private var evaluation: String?

    /// - Returns: nil where the terminal cannot hold a view; the training is to be told in lines then.
    init?(_ run: PreparedRun, inbox: TrainingInbox, options: ScreenOptions) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        let folder = run.folder.path
        name = Folder.name(of: folder).printable
        keptFolder = "\(folder)/checkpoints"
        let (training, bell) = (LiveTraining(name: name, inbox: inbox), DispatchSemaphore(value: 0))
        self.training = training
        // Before the terminal is opened, and not by way of its thread, which may wait for it for ever.
        interrupt = Interrupt(outlivesTerminal: true) {
            inbox.post(.stop(saving: true))
            training.stopping()
            bell.signal()
        }
        let (all, held) = (run.dataset, run.trainer.settings.validationCount)
        guard
            let screen = ScreenThread(
                training, name: name, architecture: run.trainer.architecture,
                validation: all[all.count - held..<all.count], options: options, bell: bell)
        else { return nil }
        self.screen = screen
        // The curves of a run that goes on are those of the whole run.
        if run.state != nil, let follower = try? RunFollower(folder) {
            repeat { training.note(earlier: follower.poll()) } while follower.hasMore
        }
    }

    // MARK: - What the training tells

    func hear(_ event: TrainingEvent) {
        training.hear(event)
        switch event {
        case .started(let plan): self.plan = plan
        case .snapshot, .finishedEpoch: tellKept()
        default: break
        }
        goOnWithoutScreen()
        plain?.hear(event)
    }

    func evaluating(_ share: Double, secondsLeft: Double) {
        training.evaluating(share, secondsLeft: secondsLeft)
        goOnWithoutScreen()
        plain?.evaluating(share, secondsLeft: secondsLeft)
    }

    func hear(_ evaluation: DatasetEvaluation, data: String) {
        self.evaluation =
            "\(data) −ELBO \(fixed(evaluation.terms.negativeELBO, 2)) ± \(fixed(evaluation.standardError, 2))"
        goOnWithoutScreen()
        plain?.hear(evaluation, data: data)
    }

    func note(_ text: String) {
        goOnWithoutScreen()
        if let plain { plain.note(text) } else { notes.append(text) }
    }

    /// Something went wrong that does not end the run.
    func warn(_ sentence: String) {
        goOnWithoutScreen()
        if let plain { plain.warn(sentence) } else { training.warn(sentence) }
    }

    /// Which checkpoints are kept by now.
    private func tellKept() {
        guard let names = try? Folder.names(in: keptFolder) else { return }
        let kept = names.filter { $0.hasPrefix("step-") && ModelFile.isNamedLikeModel($0) }.sorted().map { file in
            KeptCheckpoint(
                step: Int(file.dropFirst(5).dropLast(12)) ?? 0, path: "\(keptFolder)/\(file)",
                stepsPerEpoch: plan?.stepsPerEpoch)
        }
        if !kept.isEmpty { training.note(kept: kept) }
    }

    /// Once the screen was left, lines take its place.
    private func goOnWithoutScreen() {
        guard plain == nil, let result = screen.result, result.ending != .left else { return }
        guard result.ending == .detached else {
            plain = SilentListener()
            return
        }
        plain = LinePrinter()
        plain?.note("\(name): the training goes on; Ctrl-C stops and saves it, latentwalk watch shows it again")
        if let plan { plain?.hear(.started(plan)) }
    }

    // MARK: - The end

    /// Tells the view that all is done, and waits until it is left; then the summary stays in the terminal.
    ///
    /// - Parameter error: why the run could not go on, if it could not; the caller throws it on.
    /// - Returns: the signal that asked for the end, if one did.
    func close(_ outcome: TrainingOutcome?, error: (any Error)? = nil) -> Int32? {
        training.end(phase(outcome, error))
        guard let result = screen.waitForEnd(orSignalOf: interrupt) else { return interrupt.signal }
        goOnWithoutScreen()
        guard plain == nil else { return interrupt.signal }
        for line in result.summary { try? StandardOutput.write(line + "\n") }
        if let evaluation { try? StandardOutput.write(evaluation + "\n") }
        for note in notes { try? StandardOutput.write(note + "\n") }
        return interrupt.signal ?? result.signal
    }

    private func phase(_ outcome: TrainingOutcome?, _ error: (any Error)?) -> RunPhase {
        if let error { return .failed("\(error)") }
        let words =
            switch outcome?.reason {
            case .completed: "all epochs are done"
            case .ranOutOfPatience: "no better validation any more"
            case .stopped(let saving): saving ? "stopped and saved" : "stopped, not saved"
            case nil: "through"
            }
        return .finished([words, evaluation].compactMap { $0 }.joined(separator: ", "))
    }
}

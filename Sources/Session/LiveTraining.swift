import Explorer
import Runs
import Synchronization
import Training
import VAE

/// A training in this process, as the explorer sees it. The trainer's thread calls ``hear(_:)`` and never waits: a screen
/// that is blocked, or gone, costs it nothing.
public final class LiveTraining: RunSource {
    private let inbox: TrainingInbox
    private let mailbox = RunMailbox()
    private let plan = Mutex<TrainingPlan?>(nil)
    private let best = Mutex<BestValidation?>(nil)
    private let lastProgress = Mutex(RunProgress())
    private let name: String

    /// Twice to four times a second is enough for eyes, and drawing more often would take time from the training.
    public let interval: Duration? = .milliseconds(400)
    public let threads: Int? = 1
    public let assessesItself = true

    /// - Parameters:
    ///   - name: as it is shown: the run folder's name.
    ///   - inbox: the trainer's.
    public init(name: String, inbox: TrainingInbox) {
        self.name = name
        self.inbox = inbox
    }

    /// What is shown before the first step.
    public var description: RunDescription { RunDescription(name: name, isControlled: true) }

    /// - Parameter wake: ends the screen's wait; called from the trainer's thread.
    public func onNews(_ wake: @escaping @Sendable () -> Void) { mailbox.onNews(wake) }

    public func onWeights(_ take: @escaping @Sendable (LiveWeights) -> Void) { mailbox.onWeights(take) }

    public func takeNews() -> [RunNews] { mailbox.take() }

    public func requestWeights() { inbox.post(.snapshot) }

    public func ask(_ request: RunRequest) {
        switch request {
        case .pause: inbox.post(.pause)
        case .proceed: inbox.post(.proceed)
        case .checkpoint: inbox.post(.checkpoint)
        case .scaleLearningRate(let factor): inbox.post(.scaleLearningRate(factor))
        case .stop(let saving): inbox.post(.stop(saving: saving))
        case .detach, .show, .picture: break
        }
    }

    /// The checkpoints that are kept by now.
    public func note(kept: [KeptCheckpoint]) { mailbox.post(.kept(kept)) }

    /// What was measured before this process went on with the run.
    public func note(earlier updates: [RunUpdate]) {
        for case .points(let kind, let points) in updates {
            if let quantity = RunQuantity(kind) { mailbox.post(points, of: quantity) }
        }
    }

    /// Something went wrong that does not end the run, in one sentence.
    public func warn(_ sentence: String) {
        mailbox.post(.warned(sentence))
        mailbox.ring()
    }

    /// A signal has asked for the end: the view is left as soon as the run has ended.
    public func stopping() {
        mailbox.post(.phase(.stopping))
        mailbox.ring()
    }

    /// How much of the evaluation on the test images is done, and how long the rest will take.
    public func evaluating(_ share: Double, secondsLeft: Double) {
        mailbox.post(.phase(.evaluating(share, secondsLeft: secondsLeft)))
        mailbox.ring()
    }

    /// The run is through, and whatever is to be written is written.
    ///
    /// - Parameter phase: `finished` or `failed`.
    public func end(_ phase: RunPhase) {
        mailbox.post(.phase(phase))
        mailbox.ring()
    }

    // MARK: - On the trainer's thread

    public func hear(_ event: TrainingEvent) {
        switch event {
        case .started(let plan):
            self.plan.withLock { $0 = plan }
            mailbox.post(.described(RunDescription(plan, name: name)))
        case .progressed(let progress): mailbox.post(.progressed(report(progress)))
        case .measured(let measurement): mailbox.post(.measured(RunMeasurement(measurement)))
        case .finishedEpoch(let report): finish(report)
        case .snapshot(let snapshot):
            deliver(snapshot.model, moment: "epoch \(snapshot.position.epoch)", step: snapshot.step)
        case .paused: phase(.paused)
        case .proceeded: phase(.running)
        case .rateChanged(let change): changeRate(change)
        case .checkpoint, .failed: break
        case .finished(let outcome): finish(outcome)
        }
    }

    private func phase(_ phase: RunPhase) {
        mailbox.post(.phase(phase))
        mailbox.ring()
    }

    private func deliver(_ model: Model, moment: String, step: Int, isLast: Bool = false) {
        mailbox.deliver(LiveWeights(model: model, moment: moment, step: step, isLast: isLast))
    }

    private func finish(_ report: EpochReport) {
        best.withLock { $0 = report.best }
        mailbox.post(.assessed(RunAssessment(report)))
        guard let validation = report.validation else { return }
        mailbox.post(
            .measured(
                RunMeasurement(
                    step: Double(report.step),
                    values: [
                        .validationNegativeELBO: validation.terms.negativeELBO,
                        .validationReconstruction: validation.terms.reconstruction,
                        .validationKL: validation.terms.kl,
                    ], divergences: validation.divergences)))
    }

    private func changeRate(_ change: RateChange) {
        let progress = lastProgress.withLock { last in
            last.learningRate = change.learningRate
            return last
        }
        mailbox.post(.progressed(progress))
        mailbox.ring()
    }

    /// The weights of the end, since the last snapshot may be older.
    private func finish(_ outcome: TrainingOutcome) {
        guard let plan = plan.withLock({ $0 }) else { return }
        var progress = lastProgress.withLock { $0 }
        let steps = outcome.state.moments.updates
        // A whole epoch is the one that was done, not the next one's start.
        let epoch = max(1, (steps + plan.stepsPerEpoch - 1) / plan.stepsPerEpoch)
        progress.epoch = epoch
        progress.epochShare = Double(steps - (epoch - 1) * plan.stepsPerEpoch) / Double(plan.stepsPerEpoch)
        progress.share = Double(steps) / Double(plan.steps)
        progress.best = outcome.state.best?.negativeELBO
        progress.bestEpoch = outcome.state.best?.epoch
        progress.elapsed = .seconds(outcome.state.seconds)
        progress.remaining = .zero
        mailbox.post(.progressed(progress))
        if let model = try? Model(architecture: plan.architecture, tensors: outcome.state.savedTensors) {
            let current = min(plan.epochs, outcome.state.position.epoch)
            deliver(model, moment: "epoch \(current)", step: steps, isLast: true)
        }
    }

    private func report(_ progress: TrainingProgress) -> RunProgress {
        let best = best.withLock { $0 }
        let plan = plan.withLock { $0 }
        var report = RunProgress()
        report.epoch = progress.epoch
        let share = Double(progress.images) / Double(max(1, progress.imagesInEpoch))
        report.epochShare = share
        report.share = plan.map { (Double(progress.epoch - 1) + share) / Double(max(1, $0.epochs)) }
        report.imagesPerSecond = progress.imagesPerSecond
        report.elapsed = .seconds(progress.seconds)
        report.remaining = progress.secondsLeft.map { .seconds(max(0, $0)) }
        report.learningRate = progress.learningRate
        report.beta = progress.beta
        report.best = best?.negativeELBO
        report.bestEpoch = best?.epoch
        let made = report
        lastProgress.withLock { $0 = made }
        return report
    }
}

extension RunDescription {
    init(_ plan: TrainingPlan, name: String) {
        self.init(
            name: name, epochs: plan.epochs, stepsPerEpoch: plan.stepsPerEpoch,
            valuesPerImage: plan.architecture.image.count, isControlled: true, foresight: plan.foresight.first)
    }
}

extension RunMeasurement {
    init(_ measurement: TrainingMeasurement) {
        let means = measurement.means
        self.init(
            step: Double(measurement.step),
            values: [
                .trainNegativeELBO: means.negativeELBO, .trainReconstruction: means.reconstruction, .trainKL: means.kl,
                .objective: means.objective, .learningRate: measurement.learningRate, .beta: measurement.beta,
            ], divergences: means.divergences)
    }
}

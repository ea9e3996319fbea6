import Dispatch
import Explorer
import Files
import Runs
import VAE

/// A run that another process writes, as the explorer sees it: its folder is looked at now and then, on a thread of its
/// own.
public final class WatchedRun: RunSource {
    public let interval: Duration? = nil
    public let threads: Int?
    public let assessesItself = false
    /// What is shown before anything was read.
    public let initialDescription: RunDescription

    private let mailbox = RunMailbox()
    private let closing = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - name: as it is shown.
    ///   - threads: how many threads decode; nil: one a processor.
    public init(name: String, threads: Int?) {
        initialDescription = RunDescription(name: name, unit: .unknown, isControlled: false)
        self.threads = threads
    }

    /// - Parameter wake: ends the screen's wait; called from the watching thread.
    public func onNews(_ wake: @escaping @Sendable () -> Void) { mailbox.onNews(wake) }
    public func onWeights(_ take: @escaping @Sendable (LiveWeights) -> Void) { mailbox.onWeights(take) }
    public func takeNews() -> [RunNews] { mailbox.take() }
    public func ask(_ request: RunRequest) {}
    public func requestWeights() {}

    /// Begins to look.
    ///
    /// - Parameter open: makes the follower, on the thread that uses it; what it throws is shown.
    public func start(_ open: @escaping @Sendable () throws -> RunFollower) {
        let queue = DispatchQueue(label: "latentwalk.watch", qos: .utility)
        queue.async { [self] in
            do {
                RunWatch(try open(), initialDescription, mailbox: mailbox, closing: closing).look()
            } catch {
                mailbox.post(.phase(.failed("\(error)")))
                mailbox.ring()
            }
        }
    }

    /// Ends the looking.
    public func close() { closing.signal() }
}

/// The watching thread's own: reads the follower's updates and posts what they mean.
private final class RunWatch {
    /// Between two looks at a folder in which nothing happens.
    private static let pause = DispatchTimeInterval.seconds(1)
    /// A silence is told in multiples of this.
    private static let silence = 10

    private let follower: RunFollower
    private let mailbox: RunMailbox
    private let closing: DispatchSemaphore
    private var description: RunDescription
    private var progress = RunProgress()
    private var phase = FollowedPhase.running
    private var models = 0
    private var lastNews = ContinuousClock.now

    init(
        _ follower: RunFollower, _ description: RunDescription, mailbox: RunMailbox, closing: DispatchSemaphore
    ) {
        self.follower = follower
        self.mailbox = mailbox
        self.closing = closing
        self.description = description
    }

    func look() {
        repeat {
            let updates = follower.poll()
            for update in updates { take(update) }
            let isSilenceNews = noteSilence(hasNews: !updates.isEmpty)
            if isSilenceNews || !updates.isEmpty { mailbox.ring() }
        } while closing.wait(timeout: follower.hasMore ? .now() : .now() + Self.pause) == .timedOut
    }

    /// Whether there is something else to say about how long nothing has come.
    private func noteSilence(hasNews: Bool) -> Bool {
        // A run that has ended, or pauses, is silent for a reason.
        if hasNews || phase != .running { lastNews = .now }
        let seconds = Int(lastNews.duration(to: .now).components.seconds) / Self.silence * Self.silence
        let silence = seconds > 0 ? Duration.seconds(seconds) : nil
        guard silence != progress.silence else { return false }
        progress.silence = silence
        mailbox.post(.progressed(progress))
        return true
    }

    private func take(_ update: RunUpdate) {
        switch update {
        case .facts(let facts):
            describe { description in
                description.epochs = facts.epochs ?? description.epochs
                description.stepsPerEpoch = facts.stepsPerEpoch ?? description.stepsPerEpoch
                description.valuesPerImage = facts.pixels ?? description.valuesPerImage
            }
        // A curve that begins anew, or goes back, drops what it had by the steps of its points.
        case .curve(let kind, let name):
            if let quantity = RunQuantity(kind) { describe { $0.names[quantity] = name } }
        case .dropped: break
        case .points(let kind, let points): take(points, of: kind)
        case .position(let position):
            if position.unit == .epoch { describe { $0.stepsPerEpoch = 1 } }
            if position.epoch == nil, position.unit == .step { progress.step = Int(max(0, min(position.step, 1e15))) }
            progress.epoch = position.epoch.map { max(1, Int($0)) } ?? progress.epoch
            progress.elapsed = position.seconds.map { .seconds(max(0, min($0, 1e9))) } ?? progress.elapsed
            measureProgress(position)
            mailbox.post(.progressed(progress))
        case .scale(let scale): describe { $0.take(scale) }
        case .model(let followed): deliver(followed)
        case .phase(let phase): take(phase)
        case .kept(let kept):
            let steps = description.stepsPerEpoch
            mailbox.post(.kept(kept.map { KeptCheckpoint(step: $0.step, path: $0.path, stepsPerEpoch: steps) }))
        // It ends nothing: names may come, files be repaired.
        case .problem(let sentence):
            progress.finding = sentence
            mailbox.post(.progressed(progress))
        }
    }

    private func take(_ points: [CurvePoint], of kind: CurveKind) {
        guard let quantity = RunQuantity(kind) else {
            progress.imagesPerSecond = points.last?.value
            return
        }
        mailbox.post(points, of: quantity)
        switch kind {
        case .learningRate: progress.learningRate = points.last?.value
        case .beta: progress.beta = points.last?.value
        case .validationLoss:
            for point in points where point.value < progress.best ?? .infinity {
                progress.best = point.value
                progress.bestEpoch = description.stepsPerEpoch.map { Int((point.step / Double($0)).rounded(.up)) }
            }
        default: return
        }
        mailbox.post(.progressed(progress))
    }

    /// How much of the epoch and of the run is done, where their steps are known, and how long the rest may take.
    private func measureProgress(_ position: RunPosition) {
        guard position.unit == .step, let steps = description.stepsPerEpoch, position.step > 0, position.step < 1e15
        else { return }
        let done = position.step / Double(steps)
        progress.epochShare = done - done.rounded(.up) + 1
        guard let epochs = description.epochs else { return }
        let share = min(1, done / Double(epochs))
        progress.share = share
        progress.remaining = progress.elapsed.map { $0 * (1 / share - 1) }
    }

    private func take(_ phase: FollowedPhase) {
        self.phase = phase
        switch phase {
        case .running: mailbox.post(.phase(.running))
        case .paused: mailbox.post(.phase(.paused))
        case .finished(let ending): mailbox.post(.phase(.finished(ending.words)))
        case .failed(let reason): mailbox.post(.phase(.failed(reason)))
        }
    }

    private func describe(_ change: (inout RunDescription) -> Void) {
        let before = description
        change(&description)
        if description != before { mailbox.post(.described(description)) }
    }

    private func deliver(_ followed: FollowedModel) {
        models += 1
        describe { $0.valuesPerImage = followed.model.architecture.image.count }
        mailbox.deliver(
            LiveWeights(
                model: followed.model,
                moment: Folder.name(of: followed.path) + (followed.guessed == nil ? "" : ", guessed"), step: models))
    }
}

extension RunEnding {
    /// As a view says it.
    public var words: String {
        switch self {
        case .completed: "all epochs are done"
        case .ranOutOfPatience: "no better validation any more"
        case .stopped: "stopped and saved"
        case .stoppedWithoutSaving: "stopped, not saved"
        }
    }
}

extension RunDescription {
    fileprivate mutating func take(_ scale: LossScale) {
        switch scale {
        case .natsPerImage: unit = .natsPerImage
        case .looksLikeMeanOverPixels: unit = .meanOverPixels
        case .looksLikeSumOverBatch: unit = .sumOverBatch
        case .unknown, .looksLikeNatsPerImage: unit = .unknown
        }
    }
}

extension RunQuantity {
    /// Nil for what is no curve of the view.
    init?(_ kind: CurveKind) {
        switch kind {
        case .trainLoss: self = .trainNegativeELBO
        case .trainReconstruction: self = .trainReconstruction
        case .trainKL: self = .trainKL
        case .validationLoss: self = .validationNegativeELBO
        case .validationReconstruction: self = .validationReconstruction
        case .validationKL: self = .validationKL
        case .objective: self = .objective
        case .learningRate: self = .learningRate
        case .beta: self = .beta
        case .imagesPerSecond: return nil
        }
    }
}

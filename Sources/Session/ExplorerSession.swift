import Cells
import Datasets
import Dispatch
import Explorer

/// The running explorer: events in, state, effects out, one frame for all that came together.
public final class ExplorerSession {
    /// How long a frame waits for the picture of a point that was just chosen, so that cross-hair and picture move
    /// together; a slower model's picture comes in a frame of its own.
    private static let patience = Duration.milliseconds(6)

    /// How the explorer was left.
    public enum Ending: Hashable, Sendable {
        /// For good.
        case left
        /// While the training goes on: on request, or since the terminal is gone.
        case detached, hungUp
        /// To train a small model on the sample of digits.
        case trains
    }

    private let display: any Display
    private let engine: EngineThread
    private let services: ExplorerServices
    /// Opens files while the engine and the screen go on.
    private let opener = DispatchQueue(label: "latentwalk.opener", qos: .userInitiated)
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var state: State
    private var canvas: Canvas
    /// Something has happened that the screen does not show yet.
    private var isStale = true
    /// The number of the newest point that was ordered, and when its picture is no longer waited for.
    private var awaited: (number: Int, deadline: ContinuousClock.Instant)?
    private var ending: Ending?
    private let live: LiveRun?
    /// When the run's news are looked at next.
    private var newsDue: ContinuousClock.Instant?

    /// Starts the engine's thread.
    ///
    /// - Parameters:
    ///   - data: a data set to encode behind the first picture; nil for none.
    ///   - run: a run whose weights the engine follows, with the description that is known of it.
    ///   - wake: ends `display`'s wait from any thread.
    public init(
        display: any Display, model: OpenModel, data: InitialData?, options: Options, services: ExplorerServices,
        run: (live: LiveRun, description: RunDescription)? = nil, wake: @escaping @Sendable () -> Void
    ) {
        self.display = display
        self.services = services
        start = clock.now
        state = State(model: model.facts, size: display.size, profile: display.profile, options: options)
        canvas = Canvas(display.size)
        live = run?.live
        engine = EngineThread(model, run: run?.live, inference: options.inference, wake: wake)
        perform(state.apply(.started, at: .zero))
        if let run {
            newsDue = clock.now
            run.live.source.onWeights { [engine] weights in engine.order { $0.weights = weights } }
            perform(state.apply(.run(.began(run.description)), at: .zero))
        }
        if let data { openData(isSilent: !data.isAskedFor, data.open) }
    }

    deinit { engine.close() }

    /// Runs until the person leaves, or the terminal goes.
    ///
    /// - Returns: how; a training is detached from, and never left behind in another way, while it goes on.
    @discardableResult
    public func run() -> Ending {
        while true {
            if let ending { return ending }
            let inputs = display.events(timeout: timeout)
            if inputs.contains(.terminated), display.isHungUp, state.isTraining { return .hungUp }
            apply(inputs.map(Event.input) + engine.takeAnswers() + takeNews())
            if let wakeTime = state.wakeTime, time >= wakeTime { apply([.tick]) }
            if isStale, !isAwaiting, ending == nil { draw() }
        }
    }

    /// Ends the engine's thread; returns when it has done what it does at the moment. To be called before the process
    /// ends, and best after the terminal was given back.
    public func close() {
        engine.close()
        engine.waitForEnd()
    }

    /// The state as it was left.
    public var finalState: State { state }

    private func takeNews() -> [Event] {
        guard let live else { return [] }
        newsDue = live.source.interval.map { clock.now.advanced(by: $0) }
        return live.source.takeNews().map(Event.run)
    }

    private var time: Duration { start.duration(to: clock.now) }

    /// How long nothing needs to be done by itself; nil: for ever.
    private var timeout: Duration? {
        // The first frame does not wait for anything.
        guard !isStale || isAwaiting else { return .zero }
        let news = state.isTraining ? newsDue.map { start.duration(to: $0) } : nil
        let times = [state.wakeTime, news, awaited.map { start.duration(to: $0.deadline) }].compactMap { $0 }
        return times.min().map { max(.zero, $0 - time) }
    }

    private var isAwaiting: Bool { awaited.map { clock.now < $0.deadline } ?? false }

    /// Takes note of all that came together, then has done what follows from it: of many points the newest alone.
    private func apply(_ events: [Event]) {
        var effects: [Effect] = []
        for event in events {
            if case .decoded(let answer) = event, answer.request.number == awaited?.number { awaited = nil }
            isStale = true
            effects += state.apply(event, at: time)
        }
        perform(effects)
    }

    private func draw() {
        if canvas.size != state.size { canvas = Canvas(state.size) }
        Screen.draw(state, into: &canvas)
        display.show(canvas)
        isStale = false
        awaited = nil
    }

    // MARK: - Effects

    private func perform(_ effects: [Effect]) {
        let newest = effects.lastIndex { if case .decode = $0 { true } else { false } }
        for (index, effect) in effects.enumerated() {
            if case .decode = effect, index != newest { continue }
            perform(effect)
        }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .decode(let request):
            // A frame that waits already does not wait longer for yet another point.
            awaited = (request.number, awaited?.deadline ?? clock.now.advanced(by: Self.patience))
            engine.order { $0.decode = request }
        case .work(let request): engine.order { $0.work[request.slot] = .some(request) }
        case .drop(let slot): engine.order { $0.work[slot] = .some(nil) }
        case .openModel(let path): openModel(path)
        case .confirm: engine.order { $0.isConfirmed = true }
        case .openData(let name): openData { [services] in try services.openData(name) }
        case .classify(let label): engine.order { $0.label = .some(label) }
        case .export(let order):
            inBackground { [services] in
                try services.export(order) ? .note("wrote \(order.path)") : .refusedExport(order)
            }
        case .copy(let text): display.copy(text)
        case .completeFile(let typed):
            inBackground { [services] in .completed(FileCompletion(typed: typed, names: services.completeFile(typed))) }
        case .keepHistory(let lines):
            inBackground { [services] in
                services.keepHistory(lines)
                return nil
            }
        case .remember(let preferences):
            inBackground { [services] in
                services.remember(preferences)
                return nil
            }
        case .keepDirections(let directions, let forgotten):
            inBackground { [services] in
                services.keepDirections(directions, forgotten)
                return nil
            }
        case .repaint: display.repaint()
        case .inspectTerminal: engine.answer(.inspected(display.findings))
        case .run(let request): ask(request)
        case .suspend: display.requestStop()
        case .trainOnSample: ending = .trains
        case .quit: ending = .left
        }
    }

    private func ask(_ request: RunRequest) {
        switch request {
        case .picture(let request): engine.order { $0.pictures = request }
        case .show(let kept?): show(kept)
        case .show(nil): engine.order { $0.moment = .present }
        case .detach: ending = .detached
        default: live?.source.ask(request)
        }
    }

    private func show(_ kept: KeptCheckpoint) {
        guard let live else { return }
        inBackground { [engine] in
            let weights = LiveWeights(model: try live.readModel(kept.path), moment: kept.name, step: -1)
            engine.order { $0.moment = .kept(weights) }
            return nil
        }
    }

    private func openModel(_ path: String) {
        inBackground { [services, engine] in
            let model = try services.openModel(path)
            engine.order { $0.open(model) }
            return nil
        }
    }

    private func openData(isSilent: Bool = false, _ open: @escaping @Sendable () throws -> Dataset) {
        inBackground(isSilent: isSilent) { [engine] in
            let dataset = try open()
            engine.order { $0.data = .encode(dataset) }
            return nil
        }
    }

    /// Does something with files on another thread; an event tells how it went.
    private func inBackground(isSilent: Bool = false, _ work: @escaping @Sendable () throws -> Event?) {
        opener.async { [engine] in
            do {
                if let event = try work() { engine.answer(event) }
            } catch {
                if !isSilent { engine.answer(.failed("\(error)")) }
            }
        }
    }
}

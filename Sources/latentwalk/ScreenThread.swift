import Cells
import Checkpoints
import Datasets
import Dispatch
import Explorer
import Pictures
import Session
import Synchronization
import Terminal
import VAE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The thread that holds the terminal and draws.
final class ScreenThread: Sendable {
    struct Result: Sendable {
        let ending: ExplorerSession.Ending
        /// The signal that asked for the end.
        let signal: Int32?
        /// What stays in the terminal.
        let summary: [String]
    }

    private let finished = Mutex<Result?>(nil)
    private let running = DispatchGroup()

    var result: Result? { finished.withLock { $0 } }

    /// Opens the terminal on a thread of its own; nil where that cannot be.
    init?(
        _ training: LiveTraining, name: String, architecture: Architecture, validation: Dataset, options: ScreenOptions
    ) {
        guard let image = architecture.input.image, image.channels == 1 || image.channels == 3 else { return nil }
        let facts = ModelFacts(
            name: name, latentCount: architecture.latentSize, width: image.width, height: image.height,
            channels: image.channels)
        let (terminalOptions, environment) = (options.terminalOptions, Terminal.environment)
        let explorerOptions = options.explorerOptions(showsHints: false)
        let opening = Opening()
        DispatchQueue(label: "latentwalk.screen", qos: .userInteractive).async(group: running) { [self] in
            // The end of the terminal is not the training's; it is told by the end of the input.
            let before = signal(SIGHUP, SIG_IGN)
            guard let terminal = try? Terminal(options: terminalOptions, environment: environment) else {
                signal(SIGHUP, before)
                opening.tell(false)
                return
            }
            opening.tell(true)
            show(terminal, training, facts, validation, explorerOptions)
        }
        guard opening.wait() else { return nil }
    }

    private func show(
        _ terminal: Terminal, _ training: LiveTraining, _ facts: ModelFacts, _ validation: Dataset, _ options: Options
    ) {
        let live = LiveRun(
            source: training, validation: validation.count > 0 ? validation : nil,
            readModel: { try Checkpoint.read($0) })
        let wake: @Sendable () -> Void = { [waker = terminal.waker] in waker.wake() }
        training.onNews(wake)
        let session = ExplorerSession(
            display: terminal, model: .waiting(for: facts), data: nil, options: options,
            services: .besideRun, run: (live, training.description), wake: wake)
        let ending = session.run()
        let signal = terminal.terminationSignal
        let state = session.finalState
        terminal.end()
        // Asked for the end a second time: nothing is waited for.
        if ending == .left, state.isTraining, let signal { Terminal.endProcess(by: signal) }
        session.close()
        let summary = ending == .left ? ANSIText.lines(of: TrainSummary.canvas(of: state)) : []
        finished.withLock { $0 = Result(ending: ending, signal: signal, summary: summary) }
    }

    func waitForEnd() -> Result {
        running.wait()
        return result ?? Result(ending: .left, signal: nil, summary: [])
    }
}

/// Whether a thread could open the terminal, told to the one that started it.
private final class Opening: Sendable {
    private let isOpen = Mutex(false)
    private let bell = DispatchSemaphore(value: 0)

    func tell(_ isOpen: Bool) {
        self.isOpen.withLock { $0 = isOpen }
        bell.signal()
    }

    func wait() -> Bool {
        bell.wait()
        return isOpen.withLock { $0 }
    }
}

extension ExplorerServices {
    /// Beside a run no other model is opened: the run's own comes again with its next weights.
    static let besideRun = ExplorerServices(
        openModel: { _ in throw BesideRunError.model },
        openData: { _ in throw BesideRunError.data },
        export: { picture, path in try PictureFile.write([picture], to: path) },
        remember: { PreferencesFile.write($0) })
}

/// What cannot be done while a run is shown. Each case prints one sentence.
enum BesideRunError: Error, CustomStringConvertible {
    case model, data

    var description: String {
        switch self {
        case .model: "a run is shown here: open another model in a second terminal, with latentwalk explore"
        case .data: "the plane shows the run's validation images: other data go with latentwalk explore"
        }
    }
}

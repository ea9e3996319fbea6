import Cells
import Checkpoints
import Datasets
import Dispatch
import Explorer
import ModelFiles
import Platform
import Session
import Synchronization
import Terminal
import VAE

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
    private let bell: DispatchSemaphore
    /// How long a screen may take to be left once a signal has asked for the end, in seconds.
    private static let patience = 3.0

    var result: Result? { finished.withLock { $0 } }

    /// Opens the terminal on a thread of its own; nil where that cannot be.
    ///
    /// - Parameter bell: ends the wait of ``waitForEnd(orSignalOf:)``; rung here, and at a signal.
    init?(
        _ training: LiveTraining, name: String, architecture: Architecture, validation: Dataset, options: ScreenOptions,
        bell: DispatchSemaphore
    ) {
        self.bell = bell
        guard let facts = try? ModelFacts(of: architecture, name: name) else { return nil }
        let (terminalOptions, environment) = (options.terminalOptions, Terminal.environment)
        let explorerOptions = options.explorerOptions(isFirstHand: false)
        let opening = Opening()
        DispatchQueue(label: "latentwalk.screen", qos: .userInteractive).async(group: running) { [self] in
            guard let terminal = try? Terminal(options: terminalOptions, environment: environment) else {
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
            readModel: { try ModelFile.read($0) })
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
        bell.signal()
    }

    /// Waits until the screen is left. After a signal it does so for a moment only, since the screen may hang in a terminal
    /// that takes nothing: the terminal is put back as far as it can be then.
    ///
    /// - Returns: nil where the screen hangs, and the process is to end without it.
    func waitForEnd(orSignalOf interrupt: Interrupt) -> Result? {
        while result == nil, interrupt.signal == nil { bell.wait() }
        guard interrupt.signal == nil || running.wait(timeout: .now() + Self.patience) == .success else {
            Terminal.abandon()
            return nil
        }
        running.wait()
        return result
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

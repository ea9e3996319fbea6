import CCrashGuard
import Cells
import Platform

/// The terminal: shows a canvas (only what changed), gives events, and is left as it was found, whatever happens.
///
/// One at a time; it belongs to the thread that opened it, and only its ``waker`` may go to others. Open it before
/// other threads start: the environment is changed for a moment. While it is open, whatever is printed to standard
/// output or error is kept back, and handed to standard error at the end.
public final class Terminal {
    /// What was found out about the terminal. The cell ratio may change with a resize.
    public internal(set) var detection: Detection
    /// Ends a wait for events from any thread.
    public let waker: Waker
    /// The signal that asked for the end, once ``InputEvent/terminated`` was given because of one. When the screen is
    /// down, the process should raise it again, so that its parent sees why it ended.
    public internal(set) var terminationSignal: Int32?

    let screen: CursesScreen
    var decoder: InputDecoder
    /// A canvas that a slow terminal could not take yet.
    var waiting: Canvas?
    /// The terminal, by a descriptor that captures do not touch.
    let output: Int32

    private let options: TerminalOptions
    private let modes: TerminalModes
    private let capture: OutputCapture
    private let guardOutput: Int32
    private let sequences: ScreenSequences
    private var hasEnded = false
    var hasAsked = false

    private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"

    /// Finds out what there is, and puts the screen up.
    ///
    /// - Throws: ``TerminalError``; everything is as before then.
    public init(options: TerminalOptions = TerminalOptions(), environment: [String: String]) throws(TerminalError) {
        let term = environment["TERM"] ?? ""
        let isUTF8 = CharacterEncoding.activate(environment)
        let description = TerminalDescription(term: term)
        let facts = TerminalFacts(environment, description, isUTF8: isUTF8)
        detection = try Detection(facts, options: options)
        self.options = options
        decoder = InputDecoder(keys: KeyTable(description?.keys ?? [:]), isUTF8: isUTF8)
        waker = try Waker()
        guard signal_relay_install(waker.writeEnd) else { throw .alreadyOpen }
        modes = TerminalModes()
        output = duplicate(STDOUT_FILENO)
        guardOutput = duplicate(STDOUT_FILENO)
        capture = OutputCapture()
        sequences = Self.sequences(detection, description)
        Self.armCrashGuard(sequences.leave, capture, output, guardOutput)
        do throws(TerminalError) {
            screen = try CursesScreen(detection, term: term, output: output)
        } catch {
            Self.release(capture, modes, output, guardOutput)
            throw error
        }
        crash_guard_draws_through(screen.drawing)
        if detection.hasMouse { writeAll(Self.mouseOn.utf8, to: output) }
    }

    deinit { end() }

    public var profile: TerminalProfile { detection.profile }
    /// What was found out about the terminal, and why: more once it has answered.
    public var findings: [TerminalFinding] { detection.findings }

    /// Whether the terminal itself is gone: its window was closed, or the line to it is dead.
    public var isHungUp: Bool { terminationSignal == SIGHUP }

    /// The screen's extent in cells.
    public var size: Size { screen.size }

    /// Shows a canvas. While the terminal still works on an earlier one this returns at once, and the newest canvas is
    /// shown from within ``events(timeout:)``: frames are dropped, never keys.
    public func show(_ canvas: Canvas) {
        guard isReadyForOutput else {
            waiting = canvas
            return
        }
        waiting = nil
        screen.show(canvas)
        askOnce()
    }

    /// Takes the screen down and puts everything back; what others printed meanwhile comes out on standard error.
    /// Afterwards the terminal shows nothing and gives no events; a second call does nothing.
    public func end() {
        guard !hasEnded else { return }
        hasEnded = true
        awaitAnswers()
        if detection.hasMouse { writeAll(Self.mouseOff.utf8, to: output) }
        screen.end()
        Self.release(capture, modes, output, guardOutput)
    }

    /// Ends the process by a signal's default action: what ``terminationSignal`` is for. Call it when all is tidied up.
    public static func endProcess(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        // A program that waits for signals on a thread of its own blocks them.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
        // Of a kind that does not end a process: the shell's way to say the same.
        exit(128 + number)
    }

    private static func release(
        _ capture: OutputCapture, _ modes: TerminalModes, _ output: Int32, _ guardOutput: Int32
    ) {
        crash_guard_disarm()
        modes.restore(output: output)
        capture.end()
        signal_relay_remove()
        close(output)
        close(guardOutput)
    }

    private static func armCrashGuard(
        _ sequence: [UInt8], _ capture: OutputCapture, _ output: Int32, _ guardOutput: Int32
    ) {
        sequence.withUnsafeBytes { bytes in
            var screen = crash_guard_screen(
                terminal: guardOutput, drawing: output, error_output: capture.error,
                captured_output: capture.file, sequence: bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                sequence_length: bytes.count)
            _ = crash_guard_arm(&screen)
        }
    }

    /// The description's, and what is switched on by hand: that goes off by hand.
    private static func sequences(_ detection: Detection, _ description: TerminalDescription?) -> ScreenSequences {
        let screen: ScreenSequences? =
            switch detection.entry {
            case .own: PrivateEntry.sequences
            case .system: description?.sequences
            }
        let synchronisedOff = detection.ignoresUnknownModes ? "\u{1B}[?2026l" : ""
        let mouse = detection.hasMouse ? (on: mouseOn, off: mouseOff) : (on: "", off: "")
        return ScreenSequences(
            enter: (screen?.enter ?? []) + Array(mouse.on.utf8),
            leave: Array((synchronisedOff + mouse.off).utf8) + (screen?.leave ?? []))
    }

    private var isReadyForOutput: Bool {
        var descriptor = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        return uninterrupted { poll(&descriptor, 1, 0) } != 0
    }

    // MARK: - Stopping and going on

    /// Has the process stopped as Ctrl-Z does, from within the next ``events(timeout:)``, which gives
    /// ``InputEvent/resumed`` when it goes on.
    public func requestStop() { raise(SIGTSTP) }

    /// Clears the screen and draws it anew, after something else has written on it.
    public func repaint() { screen.redraw() }

    /// Puts text into the clipboard, where the terminal takes it.
    public func copy(_ text: String) { writeAll(Clipboard.sequence(for: text).utf8, to: output) }

    /// Gives the terminal back, stops as Ctrl-Z is meant to, and comes back when the shell says so.
    func suspend() {
        awaitAnswers()
        writeAll(sequences.leave, to: output)
        modes.restore(output: output)
        signal_relay_stop_process()
        _ = signal_relay_take(SIGCONT)
        resume()
    }

    /// Takes the terminal again after others have had it.
    func resume() {
        modes.block(output: output)
        writeAll(sequences.enter, to: output)
        screen.comeBack()
    }

    /// Reads the window's size; true when it is another than the screen's.
    func adoptWindowSize() -> Bool {
        guard let window = windowSize(of: output) else { return false }
        if options.cellRatio == nil, let ratio = window.cellRatio { detection.profile.cellRatio = ratio }
        let size = Size(columns: window.columns, rows: window.rows)
        guard size != screen.size else { return false }
        screen.resize(to: size)
        waiting = nil
        return true
    }
}

import Cells
import Platform

extension Terminal {
    /// Asks what cannot be known otherwise, behind the first frame: nothing waits for an answer.
    func askOnce() {
        guard !hasAsked, detection.takesQuestions else { return }
        hasAsked = true
        if profile.background == nil {
            decoder.expect(.background, at: .now)
            writeAll(TerminalQuestion.background.sequence.utf8, to: output)
        }
        if profile.glyphs != .ascii {
            decoder.expect(.cursor, at: .now)
            screen.measure("▄", question: TerminalQuestion.cursor.sequence)
        }
    }

    /// Takes in what the terminal has answered, and tells it where it changes how things are drawn.
    func learn(from answers: [TerminalAnswer]) -> [InputEvent] {
        var isNews = false
        for answer in answers {
            switch answer {
            case .background(let color): if detection.learn(background: color) { isNews = true }
            case .cursorColumn(let column):
                guard detection.learn(ambiguousWidth: column - 1) else { continue }
                screen.showASCIIAlone()
                isNews = true
            }
        }
        return isNews ? [.learned(profile)] : []
    }

    /// Before the terminal is given back: an answer on its way would be typed into the shell. Those that answer do so at once,
    /// but for the line between.
    func awaitAnswers() {
        let end = ContinuousClock.now.advanced(by: .milliseconds(200))
        while terminationSignal == nil, decoder.isAnswerDue(at: .now) {
            guard let bytes = readInput(until: end) else { return }
            _ = decoder.decode(bytes, at: .now)
            _ = decoder.takeAnswers()
        }
    }
}

/// Waits for bytes on standard input.
///
/// - Returns: some of those that came; nil where none came in time, or no more can come.
func readInput(until end: ContinuousClock.Instant) -> ArraySlice<UInt8>? {
    let left = ContinuousClock.now.duration(to: end)
    guard left > .zero else { return nil }
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(left.components.attoseconds / 1_000_000_000_000_000 + 1)
    guard uninterrupted({ poll(&descriptor, 1, milliseconds) }) > 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = uninterrupted { read(STDIN_FILENO, &buffer, buffer.count) }
    return count > 0 ? buffer.prefix(count) : nil
}

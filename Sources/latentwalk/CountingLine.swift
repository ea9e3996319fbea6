/// A line on standard error that counts while something takes long, on a terminal only; it is taken away at the end.
final class CountingLine {
    private static let interval = Duration.milliseconds(100)

    private let isShown = StandardError.isTerminal
    private var last: ContinuousClock.Instant?

    /// Shows a text in place of the one before, some ten times a second at most.
    func show(_ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard isShown, last.map({ now - $0 >= Self.interval }) ?? true else { return }
        last = now
        StandardError.write("\r\(text())\u{1B}[K")
    }

    deinit {
        if last != nil { StandardError.write("\r\u{1B}[K") }
    }
}

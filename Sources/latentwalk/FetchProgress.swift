import Datasets
import Synchronization

/// Tells on standard error how a fetch goes: a line that counts on a terminal, one line a file elsewhere.
final class FetchProgress: Sendable {
    private let isTerminal: Bool
    private let lastShown = Mutex<ContinuousClock.Instant?>(nil)

    private static let interval = Duration.milliseconds(100)

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    func show(_ event: FetchEvent) {
        switch event {
        case .present(let file):
            line("\(file.name)  is there")
        case .finished(let file):
            line("\(file.name)  done, SHA-256 is right")
        case .failed(let file, let failure):
            line("\(file.name)  \(failure)")
        case .asking(let file, let mirror, let size):
            let goesOn = size > 0 ? ", from \(FetchProgress.megabytes(size)) MB on" : ""
            if isTerminal { count("\(file.name)  asking \(mirror)\(goesOn)") }
        case .received(let file, let size, let expected):
            if isTerminal, isDue() { count("\(file.name)  \(FetchProgress.amount(size, of: expected))") }
        }
    }

    /// A line that stays.
    private func line(_ text: String) {
        StandardError.write(isTerminal ? "\r\(text.padded(to: 79))\n" : text + "\n")
    }

    /// A line that the next one writes over; cut, since a line that wraps could not be.
    private func count(_ text: String) {
        StandardError.write("\r\(text.prefix(79).description.padded(to: 79))")
    }

    private func isDue() -> Bool {
        let now = ContinuousClock.now
        return lastShown.withLock { last in
            if let last, now - last < FetchProgress.interval { return false }
            last = now
            return true
        }
    }

    /// `4.2 of 9.9 MB, 42 %`.
    private static func amount(_ size: Int, of expected: Int?) -> String {
        guard let expected, expected > 0 else { return "\(megabytes(size)) MB" }
        return "\(megabytes(size)) of \(megabytes(expected)) MB, \(size * 100 / expected) %"
    }

    /// Millions of bytes with one decimal.
    private static func megabytes(_ size: Int) -> String {
        let tenths = (size + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}

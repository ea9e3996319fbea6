import Platform
import Synchronization
import Terminal

/// Ctrl-C, SIGTERM, or SIGHUP: the first one asks for an orderly end, the second ends the program at once, with the screen
/// put back if there is one. Both work while the screen's thread waits for a terminal that takes nothing.
final class Interrupt: Sendable {
    private let latest: Latest
    private let signals: EndSignals?

    private final class Latest: Sendable {
        let number = Atomic<Int32>(0)
    }

    /// The signal that came last; nil if none did.
    var signal: Int32? {
        let number = latest.number.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    /// - Parameters:
    ///   - outlivesTerminal: whether a SIGHUP is passed over when it says that the terminal is gone.
    ///   - ask: called at the first signal, on a thread of its own.
    init(outlivesTerminal: Bool = false, ask: @escaping @Sendable () -> Void) {
        let latest = Latest()
        self.latest = latest
        signals = EndSignals { number in
            if outlivesTerminal, number == SIGHUP, Terminal.isGone { return }
            // Putting the screen back frees its thread too, and then the process may end by another way: by this signal too.
            guard latest.number.exchange(number, ordering: .acquiringAndReleasing) != 0 else { return ask() }
            Terminal.abandon()
            Terminal.endProcess(by: number)
        }
    }
}

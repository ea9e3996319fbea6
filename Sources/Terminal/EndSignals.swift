import CCrashGuard
import Dispatch
import Platform

/// INT, TERM and HUP, told on a thread of their own: whatever the thread that draws on a terminal waits for, they are heard.
///
/// One at a time, made before a ``Terminal`` is opened, which then leaves these signals alone. They mean what they meant
/// before when it goes.
public final class EndSignals: Sendable {
    private let writeEnd: Int32

    /// - Parameter hear: gets each signal's number, each time that it comes; but for a HUP that the process was started to
    ///   ignore.
    /// - Returns: nil where another one hears them already.
    public init?(_ hear: @escaping @Sendable (Int32) -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A handler never waits.
        _ = fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) | O_NONBLOCK)
        writeEnd = ends[1]
        guard end_relay_install(ends[1]) else {
            for end in ends { close(end) }
            return nil
        }
        DispatchQueue(label: "latentwalk.signals", qos: .userInteractive).async { [readEnd = ends[0]] in
            // The parent process may have blocked them in all its threads, and a queue does so in its own.
            var (signals, before) = (sigset_t(), sigset_t())
            sigemptyset(&signals)
            for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
            pthread_sigmask(SIG_UNBLOCK, &signals, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            var number: UInt8 = 0
            while uninterrupted({ read(readEnd, &number, 1) }) == 1 { hear(Int32(number)) }
            close(readEnd)
        }
    }

    deinit {
        end_relay_remove()
        close(writeEnd)
    }
}

extension Terminal {
    /// Whether the terminal that the process reads from is gone: its window was closed, or the line to it is dead.
    public static var isGone: Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
        return uninterrupted { poll(&descriptor, 1, 0) } > 0 && Int32(descriptor.revents) & POLLHUP != 0
    }

    /// Puts the screen back, if one is up, from whatever thread, before the process ends. Never waits for long: a terminal
    /// that takes nothing loses what it holds. Nothing can be shown afterwards.
    public static func abandon() { crash_guard_restore() }
}

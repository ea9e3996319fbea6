import CCrashGuard
import Cells
import Platform

extension Terminal {
    /// Waits for input, a signal or a ``Waker``, then takes all that there is.
    ///
    /// - Parameter timeout: the longest wait; nil waits for ever, zero does not wait. Waiting costs no processor time.
    /// - Returns: everything that came, in order; empty after a wake-up, a time-out, or bytes that mean nothing.
    public func events(timeout: Duration?) -> [InputEvent] {
        let end = timeout.map { ContinuousClock.now.advanced(by: $0) }
        while true {
            let ready = wait(until: [end, decoder.deadline].compactMap { $0 }.min())
            var events: [InputEvent] = []
            if ready.canWrite, let canvas = waiting { show(canvas) }
            if ready.canRead { events += readInput() }
            events += decoder.flush(at: .now)
            if ready.isAwake { events += handleSignals() }
            let isDue = end.map { ContinuousClock.now >= $0 } ?? false
            if !events.isEmpty || ready.isAwake || isDue { return events }
        }
    }

    private struct Readiness {
        var canRead = false
        var canWrite = false
        var isAwake = false
    }

    private func wait(until end: ContinuousClock.Instant?) -> Readiness {
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker.readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waiting == nil ? -1 : output, events: Int16(POLLOUT), revents: 0),
        ]
        // Interrupted by a signal, the pipe has a byte: polling again returns at once.
        let count = uninterrupted { poll(&descriptors, nfds_t(descriptors.count), Self.milliseconds(until: end)) }
        guard count > 0 else { return Readiness() }
        return Readiness(
            canRead: descriptors[0].revents != 0, canWrite: descriptors[2].revents != 0,
            isAwake: descriptors[1].revents != 0)
    }

    /// For `poll`: rounded up, so that the loop does not spin through the last fraction; −1 for ever.
    private static func milliseconds(until end: ContinuousClock.Instant?) -> Int32 {
        guard let end else { return -1 }
        let left = ContinuousClock.now.duration(to: end)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        if milliseconds.overflow || milliseconds.partialValue > Int64(Int32.max) - 1000 { return Int32.max }
        return Int32(milliseconds.partialValue + attoseconds / 1_000_000_000_000_000 + 1)
    }

    /// Reads until nothing is left, so that held keys never queue up.
    private func readInput() -> [InputEvent] {
        var events: [InputEvent] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        // As much as could come while one looks; a flood (a file pasted) is taken in turns.
        for _ in 0..<16 {
            let count = uninterrupted { read(STDIN_FILENO, &buffer, buffer.count) }
            guard count > 0 else {
                // The other side is gone.
                if count == 0 || errno != EAGAIN {
                    terminationSignal = terminationSignal ?? SIGHUP
                    events.append(.terminated)
                }
                break
            }
            events += decoder.decode(buffer.prefix(count), at: .now)
            events += learn(from: decoder.takeAnswers())
            var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard uninterrupted({ poll(&descriptor, 1, 0) }) > 0 else { break }
        }
        return events
    }

    private func handleSignals() -> [InputEvent] {
        waker.drain()
        var events: [InputEvent] = []
        for signal in [SIGHUP, SIGINT, SIGTERM, SIGQUIT] where signal_relay_take(signal) {
            terminationSignal = terminationSignal ?? signal
            events.append(.terminated)
        }
        guard events.isEmpty else { return events }
        let isStopped = signal_relay_take(SIGTSTP)
        let goesOn = signal_relay_take(SIGCONT)
        if isStopped { suspend() } else if goesOn { resume() }
        let isResized = signal_relay_take(SIGWINCH) || isStopped || goesOn
        if isResized, adoptWindowSize() { events.append(.resized(size)) }
        if isStopped || goesOn { events.append(.resumed) }
        return events
    }
}

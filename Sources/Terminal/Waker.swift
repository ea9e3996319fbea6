import Platform

/// Ends ``Terminal/events(timeout:)`` from any thread: the thread that has put an answer somewhere calls ``wake()``.
///
/// The pipe behind it lives as long as the last waker does, so that a late call is harmless.
public final class Waker: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws(TerminalError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .system(what: "pipe", code: errno) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Safe from every thread; many calls before the loop looks count as one.
    public func wake() {
        var byte: UInt8 = 0
        // A full pipe is awake already.
        _ = uninterrupted { write(writeEnd, &byte, 1) }
    }

    /// Takes all bytes out; what they meant is asked elsewhere.
    func drain() {
        var buffer = [UInt8](repeating: 0, count: 256)
        while uninterrupted({ read(readEnd, &buffer, buffer.count) }) > 0 {}
    }
}

import Platform

/// Repeats a system call that a signal has interrupted.
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

/// Writes all bytes, however many calls that takes; gives up when the terminal is gone.
func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { buffer in
            uninterrupted { write(descriptor, buffer.baseAddress, buffer.count) }
        }
        guard written > 0 else { return }
        rest = rest.dropFirst(written)
    }
}

/// A descriptor of our own for the same file, which programs that we start do not inherit.
func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

/// A terminal's size; nil where the system does not know it.
func windowSize(of descriptor: Int32) -> TerminalFacts.Window? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return TerminalFacts.Window(
        columns: Int(size.ws_col), rows: Int(size.ws_row),
        pixelWidth: Int(size.ws_xpixel), pixelHeight: Int(size.ws_ypixel))
}

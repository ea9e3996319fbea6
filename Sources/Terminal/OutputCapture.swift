import Platform

/// While a screen is up, what anyone prints would land in its middle: standard output and error go to a file without
/// a name instead, and what came in is handed out at the end. A stream that goes elsewhere anyway is left alone.
struct OutputCapture {
    /// What is handed out at most: the last of it, in bytes.
    private static let limit: off_t = 64 * 1024

    /// The file; -1 when nothing is captured.
    let file: Int32
    /// Standard error as it was; -1 when that is not a terminal.
    let error: Int32
    private let output: Int32

    init() {
        let output = isatty(STDOUT_FILENO) == 1 ? duplicate(STDOUT_FILENO) : -1
        let error = isatty(STDERR_FILENO) == 1 ? duplicate(STDERR_FILENO) : -1
        file = output >= 0 || error >= 0 ? Self.unnamedFile() : -1
        self.output = output
        self.error = error
        guard file >= 0 else { return }
        fflush(nil)
        if output >= 0 { dup2(file, STDOUT_FILENO) }
        if error >= 0 { dup2(file, STDERR_FILENO) }
    }

    /// Puts the streams back, and writes to standard error what came in meanwhile.
    func end() {
        fflush(nil)
        if file >= 0, output >= 0 { dup2(output, STDOUT_FILENO) }
        if file >= 0, error >= 0 { dup2(error, STDERR_FILENO) }
        handOut()
        for descriptor in [file, output, error] where descriptor >= 0 { close(descriptor) }
    }

    private func handOut() {
        guard file >= 0 else { return }
        let end = lseek(file, 0, SEEK_END)
        var position = max(0, end - Self.limit)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while position < end {
            let count = uninterrupted { pread(file, &buffer, buffer.count, position) }
            guard count > 0 else { return }
            writeAll(buffer.prefix(count), to: STDERR_FILENO)
            position += off_t(count)
        }
    }

    private static func unnamedFile() -> Int32 {
        var path = Array("\(temporaryFolder)/latentwalk-output-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else { return -1 }
        unlink(path)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        // Several writers share the file's position through their copies of the descriptor; appending keeps it whole.
        _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_APPEND)
        return file
    }
}

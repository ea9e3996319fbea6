import Platform

/// A file that grows at its end: a log, a table of measurements. What could not be written whole is taken back, so that
/// the file always ends with the last good piece, and a later one may be tried.
public final class AppendedFile {
    public let path: String
    private let descriptor: Int32
    /// Where the next piece goes.
    private var end: off_t

    /// Opens a file, which may be there already, and makes it where it isn't.
    ///
    /// - Throws: ``FileError``.
    public init(_ path: String) throws(FileError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .cannotCreate(path: path, reason: "this is no file name")
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: lastErrorReason()) }
        self.path = path
        self.descriptor = descriptor
        end = lseek(descriptor, 0, SEEK_END)
    }

    deinit { close(descriptor) }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { end == 0 }

    /// Writes at the end, all or nothing.
    ///
    /// - Throws: ``FileError``; the file is then as it was, as far as the system lets it.
    public func append(_ bytes: [UInt8]) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let result = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress! + done, bytes.count - done, end + off_t(done))
            }
            if result < 0 {
                if errno == EINTR { continue }
                let error = FileError.cannotWrite(path: path, reason: lastErrorReason())
                _ = ftruncate(descriptor, end)
                throw error
            }
            done += result
        }
        end += off_t(done)
    }

    /// Brings what was written to the disk.
    public func synchronize() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: lastErrorReason()) }
    }
}

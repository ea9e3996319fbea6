import Platform

/// An ordinary file that is open for reading, as the system knows it: opened, asked, read and closed in one place.
final class OpenFile {
    let path: String
    let descriptor: Int32

    /// - Throws: ``FileError`` for what isn't there, isn't a file, or may not be read.
    init(_ path: String) throws(FileError) {
        self.path = path
        // The system would take a path only up to its first zero byte.
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound(path: path) }
        // Not to block matters for named pipes, which are refused once they are open.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .notFound(path: path) : .cannotRead(path: path, reason: lastErrorReason())
        }
        _ = try status()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// What the system says of the file now.
    ///
    /// - Throws: ``FileError`` for what has no size: a folder, a device.
    func status() throws(FileError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: lastErrorReason()) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return status
        case S_IFDIR: throw .isFolder(path: path)
        default: throw .notRegular(path: path)
        }
    }

    /// Bytes that the file has now.
    func size() throws(FileError) -> Int { Int(try status().st_size) }

    /// Copies bytes; fewer where the file ends.
    ///
    /// - Precondition: neither number is negative.
    func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count, let start = buffer.baseAddress {
                let result = pread(descriptor, start + done, count - done, off_t(offset + done))
                if result < 0 {
                    if errno == EINTR { continue }
                    failure = .cannotRead(path: path, reason: lastErrorReason())
                }
                guard result > 0 else { return }
                done += result
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

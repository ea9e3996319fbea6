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

    /// Opens a file that a folder holds, at any depth, and no other: a link that leads out of the folder is refused, and
    /// so is one that somebody puts there meanwhile.
    ///
    /// - Throws: ``FileError``, ``FileError/outside(path:)`` among them.
    init(_ name: String, inside folder: String) throws(FileError) {
        path = folder + "/" + name
        descriptor = try OpenFile.descriptor(name, folder, path)
        _ = try status()
    }

    private static func descriptor(_ name: String, _ folder: String, _ path: String) throws(FileError) -> Int32 {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.utf8.contains(0), !parts.contains(where: { $0 == ".." || $0.isEmpty }) else {
            throw .outside(path: path)
        }
        guard let root = resolvedPath(folder), let file = resolvedPath(root + "/" + name) else {
            throw .notFound(path: path)
        }
        guard file.hasPrefix(root == "/" ? "/" : root + "/") else { throw .outside(path: path) }
        // From folder to folder without following links, whatever has become of the names since they were looked up.
        var descriptor = open(root, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        for part in file.dropFirst(root.count).split(separator: "/") where descriptor >= 0 {
            let next = openat(descriptor, String(part), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
            let reason = errno
            close(descriptor)
            errno = reason
            descriptor = next
        }
        guard descriptor >= 0 else {
            throw errno == ELOOP ? .outside(path: path) : .cannotRead(path: path, reason: lastErrorReason())
        }
        return descriptor
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

import Platform

/// A file that someone else may be writing: read by system calls at offsets, never mapped, so that it may grow, shrink
/// or be replaced meanwhile.
public final class GrowingFile {
    /// What makes a file another one, though it has the same name.
    public struct Identity: Hashable, Sendable {
        let device: UInt64
        let node: UInt64
    }

    public let path: String
    public let identity: Identity
    private let descriptor: Int32

    /// - Throws: ``FileError`` for what isn't there, isn't a file, or may not be read.
    public init(_ path: String) throws(FileError) {
        (descriptor, identity) = try GrowingFile.open(path)
        self.path = path
    }

    deinit { close(descriptor) }

    /// The file that now has a name; nil where there is none.
    public static func identity(of path: String) -> Identity? {
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0 else { return nil }
        return Identity(status)
    }

    /// Whether the name belongs to another file by now, or to none.
    public var isReplaced: Bool { GrowingFile.identity(of: path) != identity }

    /// Whether what was read up to an offset is no longer its beginning: it was replaced, removed or cut off.
    public func isStale(readTo offset: Int) -> Bool { isReplaced || ((try? size()) ?? 0) < offset }

    /// Bytes that the file has now.
    public func size() throws(FileError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: lastErrorReason()) }
        return Int(status.st_size)
    }

    /// Reads up to so many bytes; fewer where the file ends.
    ///
    /// - Precondition: neither number is negative.
    public func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        precondition(count >= 0 && offset >= 0, "a place in a file")
        // No more memory than the file can fill.
        let count = min(count, max(0, try size() - offset))
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

    private static func open(_ path: String) throws(FileError) -> (Int32, Identity) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound(path: path) }
        // Not to block matters for named pipes, which are refused once they are open.
        let descriptor = systemOpen(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .notFound(path: path) : .cannotRead(path: path, reason: lastErrorReason())
        }
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        let kind = status.st_mode & S_IFMT
        guard isKnown, kind == S_IFREG else {
            let reason = lastErrorReason()
            close(descriptor)
            guard isKnown else { throw .cannotRead(path: path, reason: reason) }
            throw kind == S_IFDIR ? .isFolder(path: path) : .notRegular(path: path)
        }
        return (descriptor, Identity(status))
    }
}

extension GrowingFile.Identity {
    fileprivate init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        node = UInt64(truncatingIfNeeded: status.st_ino)
    }
}

// `open` is a method above; this is the system's.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }

import Platform

/// A file that one process at a time may hold. The system gives it back when the process ends, however it ends; the
/// file says meanwhile who holds it.
public final class FileLock {
    private let path: String
    private let descriptor: Int32
    private var isHeld = true

    /// Takes the lock, without waiting.
    ///
    /// - Throws: ``FileLockError``.
    public init(_ path: String) throws(FileLockError) {
        self.path = path
        while true {
            let descriptor = try FileLock.take(path)
            // The process that held it before may have removed the file between opening and locking: a lock on that is none.
            if FileLock.isNamed(descriptor, path) {
                self.descriptor = descriptor
                break
            }
            close(descriptor)
        }
        let owner = Array("\(getpid()) \(FileLock.hostName)\n".utf8)
        // Only for others' sentences: the lock holds without it, even on a full disk.
        _ = ftruncate(descriptor, 0)
        _ = owner.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit { release() }

    /// Removes the file, and gives the lock back; for those that cannot wait for the value's end.
    public func release() {
        guard isHeld else { return }
        isHeld = false
        unlink(path)
        close(descriptor)
    }

    private static func take(_ path: String) throws(FileLockError) -> Int32 {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .file(.cannotCreate(path: path, reason: "this is no file name"))
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .file(.cannotCreate(path: path, reason: lastErrorReason())) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let isHeld = errno == EWOULDBLOCK
            let reason = lastErrorReason()
            let owner = isHeld ? owner(descriptor) : nil
            close(descriptor)
            guard isHeld else { throw .file(.cannotCreate(path: path, reason: "it cannot be locked: \(reason)")) }
            throw .held(path: path, process: owner?.process, host: owner?.host)
        }
        return descriptor
    }

    private static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
        var (held, named) = (stat(), stat())
        guard fstat(descriptor, &held) == 0, stat(path, &named) == 0 else { return false }
        return held.st_dev == named.st_dev && held.st_ino == named.st_ino
    }

    private static func owner(_ descriptor: Int32) -> (process: Int, host: String)? {
        var bytes = [UInt8](repeating: 0, count: 300)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let process = Int(words[0]), process > 0 else { return nil }
        return (process, String(words[1]))
    }

    /// This machine's name, as far as it has one.
    public static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty || text.contains(where: \.isWhitespace) ? "localhost" : text
    }
}

/// Why a lock could not be taken. Each case prints one sentence.
public enum FileLockError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process holds it; who, as far as the file tells.
    case held(path: String, process: Int?, host: String?)
    case file(FileError)

    public var description: String {
        switch self {
        case .held(let path, let process?, let host?):
            "\(path.printable) is held by process \(process) on \(host.printable): wait for it, or end it"
        case .held(let path, _, _): "\(path.printable) is held by another process: wait for it, or end it"
        case .file(let error): error.description
        }
    }
}

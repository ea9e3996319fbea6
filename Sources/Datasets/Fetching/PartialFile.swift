import Files
import Platform

/// A file that is still coming: `NAME.part`, and beside it `NAME.part.from` with where its bytes are from, so that a
/// later run can go on. What is written is on the disk at once, however the program ends.
final class PartialFile: Sendable {
    /// Where the bytes are from: bytes of different origins must not be joined.
    struct Origin: Hashable, Sendable {
        let url: String
        /// The server's strong `ETag`, or else its `Last-Modified`, for `If-Range`.
        let validator: String?
    }

    let path: String
    private let descriptor: Int32

    /// Opens the part of a file, or begins it.
    ///
    /// - Parameter target: the path of the whole file.
    /// - Throws: ``FetchError/cannotWrite(path:reason:)``.
    init(of target: String) throws(FetchError) {
        path = target + ".part"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_APPEND, 0o666)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastErrorReason()) }
    }

    deinit { close(descriptor) }

    private var originPath: String { path + ".from" }

    /// The number of bytes so far.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Where the bytes so far are from; nil if there are none or it is not known.
    var origin: Origin? {
        guard size > 0, let file = fopen(originPath, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, file)
        let lines = String(decoding: bytes[..<count], as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty, let url = lines.first else { return nil }
        return Origin(url: String(url), validator: lines[1].isEmpty ? nil : String(lines[1]))
    }

    /// Drops what has come so far and begins anew with bytes from `origin`.
    func restart(from origin: Origin) throws(FetchError) {
        try clear()
        let text = "\(origin.url)\n\(origin.validator ?? "")\n"
        do throws(FileError) {
            try AtomicFile.write(Array(text.utf8), to: originPath)
        } catch {
            throw FetchError(error, path: originPath)
        }
    }

    /// Drops what has come so far.
    func clear() throws(FetchError) {
        guard ftruncate(descriptor, 0) == 0 else { throw .cannotWrite(path: path, reason: lastErrorReason()) }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(FetchError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotWrite(path: path, reason: lastErrorReason()) }
            rest = rest.dropFirst(count)
        }
    }

    /// Drops the part and what is known of it.
    func remove() {
        unlink(path)
        unlink(originPath)
    }

    /// Gives the whole file its name, in one step and not before its bytes are on the disk.
    func finish(as target: String) throws(FetchError) {
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: lastErrorReason()) }
        guard rename(path, target) == 0 else { throw .cannotWrite(path: target, reason: lastErrorReason()) }
        unlink(originPath)
    }
}

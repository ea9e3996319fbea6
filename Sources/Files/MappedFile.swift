import Platform

/// A regular file's bytes, mapped into memory for reading: nothing is read before it is looked at, and the mapping ends
/// with the value.
///
/// A mapping has one risk that no check removes: where another process cuts the file short *while* a page is read, the
/// kernel answers with SIGBUS. Files that are replaced by renaming, as ``AtomicFile`` does it, keep their mapped bytes;
/// ``read(_:at:)`` is safe in any case; and ``withBytes(in:_:)`` refuses a file that has shrunk before it touches it.
public struct MappedFile: ~Copyable {
    public let path: String
    /// Bytes, when the file was opened.
    public let size: Int
    private let mapping: Mapping

    /// - Throws: ``FileError`` for what isn't there, isn't a file, or may not be read.
    public init(_ path: String) throws(FileError) {
        let (descriptor, bytes) = try MappedFile.map(path)
        self.path = path
        size = bytes.count
        mapping = Mapping(descriptor: descriptor, bytes: bytes)
    }

    private static func map(_ path: String) throws(FileError) -> (Int32, UnsafeRawBufferPointer) {
        // The system would take a path only up to its first zero byte.
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound(path: path) }
        // Not to block matters for named pipes, which are refused once they are open.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .notFound(path: path) : .cannotRead(path: path, reason: lastErrorReason())
        }
        do throws(FileError) {
            let size = try size(of: descriptor, path)
            // Nothing can be mapped of an empty file.
            guard size > 0 else { return (descriptor, UnsafeRawBufferPointer(start: nil, count: 0)) }
            let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
            guard let start, start != MAP_FAILED else {
                throw .cannotRead(path: path, reason: lastErrorReason())
            }
            return (descriptor, UnsafeRawBufferPointer(start: start, count: size))
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func size(of descriptor: Int32, _ path: String) throws(FileError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: lastErrorReason()) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: throw .isFolder(path: path)
        default: throw .notRegular(path: path)
        }
    }

    /// Copies bytes by a system call, not through the mapping.
    ///
    /// - Throws: ``FileError/changed(path:)`` if the file no longer has them.
    /// - Precondition: the range lies in the file as it was when opened.
    public func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        precondition(offset >= 0 && count >= 0 && count <= size - offset, "bytes of the file")
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let result = pread(
                    mapping.descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done))
                if result < 0, errno == EINTR { continue }
                guard result > 0 else {
                    failure =
                        result == 0 ? .changed(path: path) : .cannotRead(path: path, reason: lastErrorReason())
                    return
                }
                done += result
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Lends bytes of the mapping.
    ///
    /// - Throws: ``FileError/changed(path:)`` if the file is shorter by now.
    /// - Precondition: the range lies in the file as it was when opened.
    public func withBytes<Result>(
        in range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(FileError) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "bytes of the file")
        guard try MappedFile.size(of: mapping.descriptor, path) >= size else { throw .changed(path: path) }
        return body(UnsafeRawBufferPointer(rebasing: mapping.bytes[range]))
    }
}

/// An open file and its mapping, given back exactly once. (A class: other modules inline the end of a `MappedFile`, and
/// would then look in vain for the metadata of a private struct that cannot be copied.)
private final class Mapping {
    let descriptor: Int32
    let bytes: UnsafeRawBufferPointer

    init(descriptor: Int32, bytes: UnsafeRawBufferPointer) {
        self.descriptor = descriptor
        self.bytes = bytes
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
        close(descriptor)
    }
}

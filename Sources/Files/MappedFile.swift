import Platform

/// A regular file's bytes, mapped into memory for reading: nothing is read before it is looked at, and the mapping ends
/// with the value.
///
/// A mapping has one risk that no check removes: where another process cuts the file short *while* a page is read, the
/// kernel answers with SIGBUS. Files that are replaced by renaming, as ``AtomicFile`` does it, keep their mapped bytes;
/// ``read(_:at:)`` is safe in any case; and ``withBytes(in:_:)`` refuses a file that has shrunk before it touches it.
public struct MappedFile: ~Copyable {
    /// Bytes, when the file was opened.
    public let size: Int
    private let mapping: Mapping

    public var path: String { mapping.file.path }

    /// - Throws: ``FileError`` for what isn't there, isn't a file, or may not be read.
    public init(_ path: String) throws(FileError) {
        mapping = try Mapping(OpenFile(path))
        size = mapping.bytes.count
    }

    /// A file that a folder holds, for names that a file in the folder gives: neither the name nor a link leads out of it.
    ///
    /// - Throws: ``FileError``, ``FileError/outside(path:)`` among them.
    public init(_ name: String, inside folder: String) throws(FileError) {
        mapping = try Mapping(OpenFile(name, inside: folder))
        size = mapping.bytes.count
    }

    /// Copies bytes by a system call, not through the mapping.
    ///
    /// - Throws: ``FileError/changed(path:)`` if the file no longer has them.
    /// - Precondition: the range lies in the file as it was when opened.
    public func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        precondition(offset >= 0 && count >= 0 && count <= size - offset, "bytes of the file")
        let bytes = try mapping.file.read(count, at: offset)
        guard bytes.count == count else { throw .changed(path: path) }
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
        guard try mapping.file.size() >= size else { throw .changed(path: path) }
        return body(UnsafeRawBufferPointer(rebasing: mapping.bytes[range]))
    }
}

/// An open file and its mapping, given back once. (A class: other modules inline the end of a `MappedFile`, and
/// would then look in vain for the metadata of a private struct that cannot be copied.)
private final class Mapping {
    let file: OpenFile
    let bytes: UnsafeRawBufferPointer

    init(_ file: OpenFile) throws(FileError) {
        self.file = file
        bytes = try Mapping.bytes(of: file)
    }

    private static func bytes(of file: OpenFile) throws(FileError) -> UnsafeRawBufferPointer {
        let size = try file.size()
        // Nothing can be mapped of an empty file.
        guard size > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
        guard let start, start != MAP_FAILED else {
            throw .cannotRead(path: file.path, reason: lastErrorReason())
        }
        return UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}

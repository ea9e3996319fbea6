import CZlib
import Files
import Platform

/// Reads a file from its beginning, unpacked if it is gzipped (told by its first bytes, not by its name).
///
/// Never takes more memory than its buffer: the caller says how many bytes it wants next.
final class InflatingReader {
    let path: String
    /// The size of the file on disk.
    let fileSize: Int
    let isGzipped: Bool

    private let descriptor: Int32
    /// zlib keeps the address of its stream, so the stream has a place of its own.
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    /// The bytes of the buffer that are not used up.
    private var unread: Range<Int> = 0..<0
    private var isAtEnd = false

    /// - Throws: ``DatasetError`` if there is no such file, it cannot be read, or it is no regular file.
    init(_ path: String) throws(DatasetError) {
        // Without O_NONBLOCK, opening a named pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: lastErrorReason()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .malformed(path: path, .notRegularFile)
        }
        var magic: (UInt8, UInt8) = (0, 0)
        let count = withUnsafeMutableBytes(of: &magic) { pread(descriptor, $0.baseAddress, 2, 0) }
        self.path = path
        self.descriptor = descriptor
        fileSize = Int(status.st_size)
        isGzipped = count == 2 && magic == (0x1f, 0x8b)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for gzip's wrapper with its checksum.
        let result = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw .unreadable(path: path, reason: "not enough memory") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
        close(descriptor)
    }

    /// Fills `destination` with the next bytes and returns how many there were: fewer than asked only at the end.
    ///
    /// - Throws: ``DatasetError`` if the disk or the gzip data fail.
    func read(into destination: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
        var filled = 0
        while filled < destination.count, !isAtEnd {
            if unread.isEmpty { try refill() }
            let rest = UnsafeMutableRawBufferPointer(rebasing: destination[filled...])
            filled += isGzipped ? try inflate(into: rest) : copy(into: rest)
        }
        return filled
    }

    /// The next bytes: `count` of them, or fewer if the file ends.
    ///
    /// - Throws: ``DatasetError`` if the disk or the gzip data fail.
    func bytes(_ count: Int) throws(DatasetError) -> [UInt8] {
        var failure: DatasetError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let destination = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
            do throws(DatasetError) { filled = try read(into: destination) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Whether nothing follows; reads at most one byte further.
    ///
    /// - Throws: ``DatasetError``; a gzipped file's checksum is compared here at the latest.
    func isExhausted() throws(DatasetError) -> Bool {
        try bytes(1).isEmpty
    }

    private func copy(into destination: UnsafeMutableRawBufferPointer) -> Int {
        guard !unread.isEmpty else {
            isAtEnd = true
            return 0
        }
        let count = min(unread.count, destination.count)
        destination.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[unread.prefix(count)]))
        unread = unread.dropFirst(count)
        return count
    }

    private func inflate(into destination: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
        guard !unread.isEmpty else { throw .malformed(path: path, .truncatedGzip) }
        let room = min(destination.count, Int(UInt32.max))
        stream.pointee.next_in = buffer.baseAddress! + unread.lowerBound
        stream.pointee.avail_in = UInt32(unread.count)
        stream.pointee.next_out = destination.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        let result = CZlib.inflate(stream, Z_NO_FLUSH)
        unread = unread.upperBound - Int(stream.pointee.avail_in)..<unread.upperBound
        switch result {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: try beginNextMember()
        case Z_MEM_ERROR: throw .unreadable(path: path, reason: "not enough memory")
        default: throw .malformed(path: path, .corruptGzip)
        }
        return room - Int(stream.pointee.avail_out)
    }

    /// A gzip file may consist of several parts, one after the other; anything else behind the end is wrong.
    private func beginNextMember() throws(DatasetError) {
        if unread.isEmpty { try refill() }
        guard let first = unread.first else {
            isAtEnd = true
            return
        }
        guard buffer[first] == 0x1f else { throw .malformed(path: path, .trailingGarbage) }
        inflateReset(stream)
    }

    private func refill() throws(DatasetError) {
        while true {
            let count = systemRead(descriptor, UnsafeMutableRawBufferPointer(buffer))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, reason: lastErrorReason()) }
            unread = 0..<count
            return
        }
    }
}

// `read` is a method above; this is the system's.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, bytes.baseAddress, bytes.count)
}

import Files
import Importing
import Neural
import Numbers

/// An open safetensors file: its checked header, and its tensors on demand. Nothing but the header is read on opening.
///
/// Readers of other checkpoints in safetensors files begin here too.
public struct SafetensorsFile: ~Copyable {
    /// The header's length, in bytes.
    private static let lengthSize = 8

    /// How tensors' bytes are read.
    public enum Access: Sendable {
        /// Through a mapping: fast, for files that nobody changes in place.
        case mapped
        /// By system calls into memory of our own: for files that another process may be writing.
        case copied
    }

    public let header: SafetensorsHeader
    private let file: MappedFile
    private let access: Access

    public var path: String { file.path }
    /// Bytes of the whole file.
    public var size: Int { file.size }

    /// - Throws: ``CheckpointError``: the file cannot be opened, or its header is not one.
    public init(_ path: String, access: Access = .mapped) throws(CheckpointError) {
        let file: MappedFile
        do {
            file = try MappedFile(path)
        } catch {
            throw .file(error)
        }
        header = try SafetensorsFile.header(of: file)
        self.file = file
        self.access = access
    }

    private static func header(of file: borrowing MappedFile) throws(CheckpointError) -> SafetensorsHeader {
        let start = try read(ForeignFormat.startLength, of: file, at: 0)
        let size = file.size
        let length = try invalid(file.path) { () throws(CheckpointProblem) in
            try headerLength(start: start, fileSize: size)
        }
        let json = try read(length, of: file, at: lengthSize)
        return try invalid(file.path) { () throws(CheckpointProblem) in
            try SafetensorsHeader(parsing: json, dataSize: size - lengthSize - length)
        }
    }

    /// Checks what the file begins with.
    ///
    /// - Parameter start: Its first bytes, ``ForeignFormat/startLength`` if there are so many.
    static func headerLength(start: [UInt8], fileSize: Int) throws(CheckpointProblem) -> Int {
        guard !start.isEmpty else { throw .empty }
        let length = start.prefix(lengthSize).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // Files of other kinds are told by their names; each of them would have an impossible length.
        let isPlausible = start.count > lengthSize && start[lengthSize] == UInt8(ascii: "{")
        if !isPlausible || length > SafetensorsHeader.Limit.headerBytes, let format = ForeignFormat(start: start) {
            throw .otherFormat(format)
        }
        guard start.count >= lengthSize else { throw .tooShort(bytes: start.count) }
        guard length <= SafetensorsHeader.Limit.headerBytes else {
            throw isPlausible || start.count == lengthSize ? .headerTooLong(bytes: length) : .unknownFormat
        }
        guard Int(length) <= fileSize - lengthSize else {
            throw .headerPastEnd(bytes: Int(length), fileSize: fileSize)
        }
        return Int(length)
    }

    /// Reads a tensor as float32, in the file's order of elements.
    ///
    /// - Parameters:
    ///   - entry: One of ``header``'s.
    ///   - access: another way than the file's own.
    /// - Throws: ``CheckpointError``, where it holds no floats or the file became shorter.
    public func tensor(_ entry: SafetensorsHeader.Entry, access: Access? = nil) throws(CheckpointError) -> Tensor {
        let type = entry.type
        guard type.isWeight else { throw .invalid(path: path, .tensor(entry.name, .notFloat(type))) }
        guard let values = try withBytes(of: entry, access: access, { type.floats(from: $0) }) else {
            throw .invalid(path: path, .tensor(entry.name, .tooLargeForFloat))
        }
        return Tensor(extents: entry.extents, values: values)
    }

    /// Lends a tensor's bytes, without alignment.
    ///
    /// - Parameters:
    ///   - entry: One of ``header``'s.
    ///   - access: another way than the file's own.
    public func withBytes<Result>(
        of entry: SafetensorsHeader.Entry, access: Access? = nil, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(CheckpointError) -> Result {
        precondition(header.contains(entry), "an entry of this file")
        let start = size - header.dataSize + entry.range.lowerBound
        do {
            switch access ?? self.access {
            case .mapped: return try file.withBytes(in: start..<start + entry.range.count, body)
            case .copied: return try file.read(entry.range.count, at: start).withUnsafeBytes(body)
            }
        } catch {
            throw .file(error)
        }
    }

    /// Reads up to `count` bytes, fewer at the file's end.
    private static func read(
        _ count: Int, of file: borrowing MappedFile, at offset: Int
    ) throws(CheckpointError) -> [UInt8] {
        do {
            return try file.read(min(count, file.size - offset), at: offset)
        } catch {
            throw .file(error)
        }
    }

    /// Adds the path to what is wrong.
    static func invalid<Result>(
        _ path: String, _ body: () throws(CheckpointProblem) -> Result
    ) throws(CheckpointError) -> Result {
        do {
            return try body()
        } catch {
            throw .invalid(path: path, error)
        }
    }
}

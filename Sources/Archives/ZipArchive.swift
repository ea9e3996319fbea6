import CZip
import Files

/// An open zip archive of a model: entries whose names and sizes are checked before anything is unpacked.
///
/// Archives come from anybody: the sizes that the directory promises must fit the file's own, so that neither overlapping
/// entries nor zeros by the gigabyte are unpacked.
public final class ZipArchive {
    /// The bounds of what is taken.
    public enum Limit {
        public static let entries = 100_000
        public static let nameBytes = 4096
        /// What entries may have together, however small the file is.
        static let plainBytes = 64 << 20
        /// Beyond that: how many times the file's bytes.
        static let ratio = 100
    }

    public struct Entry: Hashable, Sendable {
        public let name: String
        /// Bytes when unpacked, by the directory.
        public let size: Int
        /// Of its bytes, by the directory.
        public let checksum: UInt32
        let index: UInt64
    }

    public let path: String
    /// Bytes of the whole archive.
    public let size: Int
    /// In the directory's order; folders are left out.
    public let entries: [Entry]
    let handle: OpenArchive
    private let places: [String: Int]

    public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

    /// Opens an archive and checks its directory.
    public convenience init(path: String) throws(ArchiveError) {
        let size: Int
        do {
            // Tells what is no ordinary file, too.
            size = try MappedFile(path).size
        } catch {
            throw .file(error)
        }
        // The library takes nothing for an archive of nothing.
        guard size > 0 else { throw .notZip(path: path) }
        try self.init(OpenArchive(path: path), path: path, size: size)
    }

    /// Opens an archive that lies in memory, as one within another does.
    ///
    /// - Parameter path: what errors call it.
    public convenience init(bytes: [UInt8], path: String) throws(ArchiveError) {
        guard !bytes.isEmpty else { throw .notZip(path: path) }
        try self.init(OpenArchive(bytes: bytes, path: path), path: path, size: bytes.count)
    }

    private init(_ handle: OpenArchive, path: String, size: Int) throws(ArchiveError) {
        let count = zip_get_num_entries(handle.pointer, 0)
        guard count <= Limit.entries else { throw .tooManyEntries(path: path, Int(count)) }
        var (entries, places) = ([Entry](), [String: Int]())
        var budget = Budget(fileSize: size)
        for index in 0..<UInt64(max(0, count)) {
            guard let entry = try handle.entry(index, path: path, budget: &budget) else { continue }
            guard places.updateValue(entries.count, forKey: entry.name) == nil else {
                throw .duplicateEntry(path: path, name: entry.name)
            }
            entries.append(entry)
        }
        self.path = path
        self.size = size
        self.handle = handle
        self.entries = entries
        self.places = places
    }

    /// Unpacks an entry.
    ///
    /// - Parameters:
    ///   - entry: one of ``entries``.
    ///   - limit: bytes that it may have at most.
    ///   - checked: whether its checksum is compared; some writers leave it zero.
    public func read(_ entry: Entry, limit: Int = .max, checked: Bool = true) throws(ArchiveError) -> [UInt8] {
        guard entry.size <= limit else {
            throw .tooLarge(path: path, name: entry.name, bytes: entry.size, limit: limit)
        }
        let reader = try ZipEntryReader(self, entry)
        var bytes = [UInt8](repeating: 0, count: entry.size)
        let filled = try reader.fill(&bytes)
        guard filled == entry.size else {
            throw .cannotRead(path: path, name: entry.name, reason: "it ends after \(filled) bytes")
        }
        guard checked else { return bytes }
        // The checksum is compared when the end is met.
        var beyond: [UInt8] = [0]
        guard try reader.fill(&beyond) == 0 else {
            throw .cannotRead(path: path, name: entry.name, reason: "it is longer than the archive's directory says")
        }
        return bytes
    }

    /// What entries may still take, packed and unpacked.
    struct Budget {
        var packed: Int
        var unpacked: Int

        init(fileSize: Int) {
            packed = fileSize
            let (scaled, overflows) = fileSize.multipliedReportingOverflow(by: Limit.ratio)
            unpacked = max(overflows ? .max : scaled, Limit.plainBytes)
        }

        /// Whether there was so much left.
        mutating func take(packed: Int, unpacked: Int) -> Bool {
            guard packed <= self.packed, unpacked <= self.unpacked else { return false }
            self.packed -= packed
            self.unpacked -= unpacked
            return true
        }
    }
}

/// The library's archive, closed with the value.
final class OpenArchive {
    let pointer: OpaquePointer
    /// What the library reads from, where that is memory.
    private let memory: UnsafeMutableRawBufferPointer?

    init(path: String) throws(ArchiveError) {
        var code: Int32 = 0
        guard let pointer = zip_open(path, ZIP_RDONLY, &code) else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            let failure: ArchiveError
            do {
                let file = try MappedFile(path)
                let start = try file.read(min(file.size, TextConversion.most), at: 0)
                let endLength = min(file.size, ArchiveDamage.endLength)
                let end = try file.read(endLength, at: file.size - endLength)
                failure = start.withUnsafeBytes { start in
                    end.withUnsafeBytes { OpenArchive.failure(start, end: $0, &error, path: path) }
                }
            } catch {
                failure = .file(error)
            }
            throw failure
        }
        self.pointer = pointer
        memory = nil
    }

    init(bytes: [UInt8], path: String) throws(ArchiveError) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        memory.copyBytes(from: bytes)
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        let source = zip_source_buffer_create(memory.baseAddress, UInt64(memory.count), 0, &error)
        guard let source, let pointer = zip_open_from_source(source, ZIP_RDONLY, &error) else {
            let whole = UnsafeRawBufferPointer(memory)
            let failure = OpenArchive.failure(whole, end: whole, &error, path: path)
            if let source { zip_source_free(source) }
            memory.deallocate()
            throw failure
        }
        self.pointer = pointer
        self.memory = memory
    }

    deinit {
        zip_discard(pointer)
        memory?.deallocate()
    }

    private static func failure(
        _ start: UnsafeRawBufferPointer, end: UnsafeRawBufferPointer, _ error: inout zip_error_t, path: String
    ) -> ArchiveError {
        guard start.starts(with: "PK".utf8) else { return .notZip(path: path) }
        let reason = zip_error_strerror(&error).map { String(cString: $0) } ?? "unknown"
        return .damaged(path: path, ArchiveDamage(start: start, end: end, reason: reason))
    }

    /// What the directory says of an entry; nil for a folder.
    func entry(
        _ index: UInt64, path: String, budget: inout ZipArchive.Budget
    ) throws(ArchiveError) -> ZipArchive.Entry? {
        var status = zip_stat_t()
        guard zip_stat_index(pointer, index, 0, &status) == 0, let text = status.name else {
            throw .damaged(path: path, .other("its directory cannot be read"))
        }
        let name = String(cString: text)
        if name.hasSuffix("/") { return nil }
        guard name.utf8.count <= ZipArchive.Limit.nameBytes, let size = Int(exactly: status.size),
            let packed = Int(exactly: status.comp_size), budget.take(packed: packed, unpacked: size)
        else { throw .implausibleSize(path: path, name: String(name.prefix(64))) }
        guard status.encryption_method == UInt16(ZIP_EM_NONE) else { throw .encrypted(path: path, name: name) }
        guard [ZIP_CM_STORE, ZIP_CM_DEFLATE].contains(Int32(status.comp_method)) else {
            throw .unknownCompression(path: path, name: name)
        }
        return ZipArchive.Entry(name: name, size: size, checksum: status.crc, index: index)
    }
}

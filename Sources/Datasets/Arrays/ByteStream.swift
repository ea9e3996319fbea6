import CZip
import Files

/// Bytes that are read from their beginning to their end.
protocol ByteStream: AnyObject {
    /// Fills `destination` with the next bytes and returns how many there were: fewer than asked only at the end.
    func read(into destination: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int
}

extension ByteStream {
    /// The next bytes: `count` of them, or fewer at the end.
    func next(_ count: Int) throws(DatasetError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: DatasetError?
        var filled = 0
        bytes.withUnsafeMutableBytes { buffer in
            do throws(DatasetError) { filled = try read(into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return Array(bytes.prefix(filled))
    }
}

extension InflatingReader: ByteStream {}

/// A zip archive, as `numpy.savez` writes it: names and sizes of its entries.
struct ZipArchive: Sendable {
    let path: String
    let entries: [Entry]

    struct Entry: Sendable {
        let name: String
        let index: UInt64
        /// Unpacked, by the directory.
        let size: Int
    }

    private static let mostEntries = 10_000

    /// - Throws: ``DatasetError/array(path:_:)``
    init(_ path: String) throws(DatasetError) {
        let archive = try OpenArchive(path)
        var entries: [Entry] = []
        let count = zip_get_num_entries(archive.handle, 0)
        guard count <= ZipArchive.mostEntries else {
            throw .array(path: path, .archive("it has \(count) entries"))
        }
        for index in 0..<UInt64(max(0, count)) {
            var status = zip_stat_t()
            guard zip_stat_index(archive.handle, index, 0, &status) == 0, let name = status.name,
                let size = Int(exactly: status.size)
            else { continue }
            entries.append(Entry(name: String(cString: name), index: index, size: size))
        }
        self.path = path
        self.entries = entries
    }

    func open(_ entry: Entry) throws(DatasetError) -> any ByteStream { try ZipEntryStream(self, entry) }
}

/// An archive that is open for reading, closed with the value.
private final class OpenArchive {
    let handle: OpaquePointer

    init(_ path: String) throws(DatasetError) {
        var code: Int32 = 0
        guard let handle = zip_open(path, ZIP_RDONLY, &code) else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            throw .array(path: path, .archive(zip_error_strerror(&error).map { String(cString: $0) } ?? "unknown"))
        }
        self.handle = handle
    }

    deinit { zip_discard(handle) }
}

/// An entry of an archive, unpacked as it is read.
private final class ZipEntryStream: ByteStream {
    private let archive: OpenArchive
    private let file: OpaquePointer
    private let path: String

    init(_ archive: ZipArchive, _ entry: ZipArchive.Entry) throws(DatasetError) {
        self.archive = try OpenArchive(archive.path)
        path = archive.path
        guard let file = zip_fopen_index(self.archive.handle, entry.index, 0) else {
            throw .array(
                path: path,
                .archive(zip_strerror(self.archive.handle).map { String(cString: $0) } ?? "an entry cannot be opened"))
        }
        self.file = file
    }

    deinit { zip_fclose(file) }

    func read(into destination: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
        var filled = 0
        while filled < destination.count {
            let count = zip_fread(file, destination.baseAddress! + filled, UInt64(destination.count - filled))
            guard count >= 0 else {
                throw .array(
                    path: path, .archive(zip_file_strerror(file).map { String(cString: $0) } ?? "it is damaged"))
            }
            if count == 0 { break }
            filled += Int(count)
        }
        return filled
    }
}

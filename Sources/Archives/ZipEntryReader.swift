import CZip

/// An entry of an archive, unpacked as it is read.
public final class ZipEntryReader {
    private let archive: OpenArchive
    private let file: OpaquePointer
    private let path: String
    private let name: String

    /// - Parameter entry: one of the archive's.
    public init(_ archive: ZipArchive, _ entry: ZipArchive.Entry) throws(ArchiveError) {
        self.archive = archive.handle
        path = archive.path
        name = entry.name
        guard let file = zip_fopen_index(self.archive.pointer, entry.index, 0) else {
            throw ZipEntryReader.failure(zip_strerror(self.archive.pointer), path: path, name: name)
        }
        self.file = file
    }

    deinit { zip_fclose(file) }

    /// Fills `destination` with the next bytes and returns how many there were: fewer than asked only at the end.
    ///
    /// The checksum is compared where the end is met.
    public func read(into destination: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        var filled = 0
        while filled < destination.count {
            let count = zip_fread(file, destination.baseAddress! + filled, UInt64(destination.count - filled))
            guard count >= 0 else { throw ZipEntryReader.failure(zip_file_strerror(file), path: path, name: name) }
            if count == 0 { break }
            filled += Int(count)
        }
        return filled
    }

    /// The same for an array.
    func fill(_ bytes: inout [UInt8]) throws(ArchiveError) -> Int {
        let result = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(ArchiveError) in try read(into: buffer) }
        }
        return try result.get()
    }

    private static func failure(_ reason: UnsafePointer<CChar>?, path: String, name: String) -> ArchiveError {
        .cannotRead(path: path, name: name, reason: reason.map { String(cString: $0) } ?? "it is damaged")
    }
}

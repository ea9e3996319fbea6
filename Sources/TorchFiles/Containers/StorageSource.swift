import Archives
import Files
import Importing

/// Where storages are read from, by their keys.
protocol StorageSource {
    var isBigEndian: Bool { get }
    /// Bytes of all storages together, at most: what tensors may take is measured by it.
    var size: Int { get }

    /// A storage's bytes; nil where it isn't there.
    func bytes(of key: String) throws(ImportProblem) -> [UInt8]?
}

/// Storages that are entries of an archive.
struct ArchivedStorages: StorageSource {
    let archive: ZipArchive
    /// Before the keys: `vae/data/`.
    let folder: String
    let isBigEndian: Bool

    var size: Int { archive.entries.reduce(0) { $0 + $1.size } }

    func bytes(of key: String) throws(ImportProblem) -> [UInt8]? {
        guard let entry = archive[folder + key] else { return nil }
        do {
            // PyTorch can be told to write no checksums: they are zero then.
            return try archive.read(entry, checked: entry.checksum != 0)
        } catch {
            throw ImportProblem(.badFile, error.reason)
        }
    }
}

/// Storages that lie behind the pickles of a stream.
struct StreamedStorages: StorageSource {
    let path: String
    let ranges: [String: Range<Int>]
    let size: Int
    let isBigEndian = false

    func bytes(of key: String) throws(ImportProblem) -> [UInt8]? {
        guard let range = ranges[key] else { return nil }
        do {
            let file = try MappedFile(path)
            guard range.upperBound <= file.size else { throw FileError.changed(path: path) }
            return try file.read(range.count, at: range.lowerBound)
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }
}

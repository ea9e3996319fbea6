import Files

/// Why an archive, or an entry of it, could not be read. Each case prints one sentence.
public enum ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    case file(FileError)
    /// It doesn't begin as a zip archive does.
    case notZip(path: String)
    case damaged(path: String, ArchiveDamage)
    /// More entries, or longer names, than any model needs.
    case tooManyEntries(path: String, Int)
    case duplicateEntry(path: String, name: String)
    /// What its directory promises cannot be in a file of its size, or is out of proportion to it.
    case implausibleSize(path: String, name: String)
    case encrypted(path: String, name: String)
    case unknownCompression(path: String, name: String)
    case tooLarge(path: String, name: String, bytes: Int, limit: Int)
    case cannotRead(path: String, name: String, reason: String)

    public var description: String {
        switch self {
        case .file(let error): error.description
        case .notZip(let path), .damaged(let path, _), .tooManyEntries(let path, _), .duplicateEntry(let path, _),
            .implausibleSize(let path, _), .encrypted(let path, _), .unknownCompression(let path, _),
            .tooLarge(let path, _, _, _), .cannotRead(let path, _, _):
            "\(path.printable): \(reason)"
        }
    }

    /// What is wrong, without the archive's path.
    public var reason: String {
        switch self {
        case .file(let error): error.description
        case .notZip: "it is not a zip archive"
        case .damaged(_, let damage): "it is a damaged zip archive: \(damage)"
        case .tooManyEntries(_, let count):
            "it has \(count) entries, more than a model needs (\(ZipArchive.Limit.entries))"
        case .duplicateEntry(_, let name): "it has two entries named \(name.printable)"
        case .implausibleSize(_, let name): "the size of its entry \(name.printable) is out of proportion to the file"
        case .encrypted(_, let name): "its entry \(name.printable) is encrypted"
        case .unknownCompression(_, let name):
            "its entry \(name.printable) is compressed by another method than deflate"
        case .tooLarge(_, let name, let bytes, let limit):
            "its entry \(name.printable) has \(bytes) bytes, where at most \(limit) are expected"
        case .cannotRead(_, let name, let reason):
            "its entry \(name.printable) cannot be unpacked: \(reason.printable)"
        }
    }
}

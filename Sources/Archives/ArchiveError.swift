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
        case .file(let error): "\(error)"
        case .notZip(let path): "\(path.printable) is not a zip archive"
        case .damaged(let path, let damage): "\(path.printable) is a damaged zip archive: \(damage)"
        case .tooManyEntries(let path, let count):
            "\(path.printable) has \(count) entries, more than a model needs (\(ZipArchive.Limit.entries))"
        case .duplicateEntry(let path, let name): "\(path.printable) has two entries named \(name.printable)"
        case .implausibleSize(let path, let name):
            "\(path.printable): the size of \(name.printable) is out of proportion to the file"
        case .encrypted(let path, let name): "\(path.printable): \(name.printable) is encrypted"
        case .unknownCompression(let path, let name):
            "\(path.printable): \(name.printable) is compressed by another method than deflate"
        case .tooLarge(let path, let name, let bytes, let limit):
            "\(path.printable): \(name.printable) has \(bytes) bytes, where at most \(limit) are expected"
        case .cannotRead(let path, let name, let reason):
            "\(path.printable): cannot unpack \(name.printable): \(reason.printable)"
        }
    }
}

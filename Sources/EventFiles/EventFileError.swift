import Files

/// Why an event file could not be read or written. Each case prints one sentence.
public enum EventFileError: Error, Hashable, Sendable, CustomStringConvertible {
    case file(FileError)
    /// The first record is not that of an event file.
    case notEvents(path: String)
    /// A record whose checks are wrong, or whose data are no event.
    case damaged(path: String, offset: Int)

    public var description: String {
        switch self {
        case .file(let error): error.description
        case .notEvents(let path):
            "\(path.printable) is no event file of TensorBoard's: its first record is none"
        case .damaged(let path, let offset):
            "\(path.printable) is damaged at byte \(offset): what follows cannot be read, what comes before is good"
        }
    }
}

/// Why an HDF5 file could not be read. Each case prints one clause.
public enum HDF5Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The child process that reads could not be started, with the system's reason.
    case cannotStart(String)
    /// The file itself cannot be opened, with the system's reason.
    case cannotOpen(String)
    /// The library refused the file or a part of it.
    case damaged(String)
    case crashed
    case tookTooLong
    /// More of something than is taken.
    case tooMuch(String)

    public var description: String {
        switch self {
        case .cannotStart(let reason): "the process that reads HDF5 could not be started (\(reason))"
        case .cannotOpen(let reason): "the file cannot be opened (\(reason))"
        case .damaged(let reason): "the HDF5 file is damaged: \(reason)"
        case .crashed: "the HDF5 file is damaged: the library that reads it crashed on it"
        case .tookTooLong: "the HDF5 file is damaged: reading it takes too long"
        case .tooMuch(let reason): "the HDF5 file asks for too much: \(reason)"
        }
    }
}

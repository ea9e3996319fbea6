import Files

/// Why a data set could not be fetched. Each case prints one sentence.
public enum FetchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An address that files are not taken from.
    case badMirror(String)
    /// No mirror had the file as it should be.
    case unavailable(file: String, failures: [MirrorFailure])
    /// The folder or a file in it cannot be written.
    case cannotWrite(path: String, reason: String)
    /// Another process is fetching into the same folder.
    case busy(folder: String)
    /// The task was cancelled; what has come so far is kept.
    case cancelled

    /// What a mirror did instead of sending the file.
    public struct MirrorFailure: Hashable, Sendable, CustomStringConvertible {
        public let mirror: Mirror
        public let reason: String

        public var description: String { "\(mirror) \(reason)" }
    }

    /// - Parameter path: what was written, for errors that do not say it.
    init(_ error: FileError, path: String) {
        switch error {
        case .cannotCreate(let path, let reason), .cannotWrite(let path, let reason):
            self = .cannotWrite(path: path, reason: reason)
        default: self = .cannotWrite(path: path, reason: "\(error)")
        }
    }

    public var description: String {
        switch self {
        case .badMirror(let text):
            "“\(text.printable)” is no mirror: it must be an https:// address (http:// on this computer only)"
        case .unavailable(let file, let failures):
            "cannot fetch \(file): \(failures.map(\.description).joined(separator: "; ")); "
                + "try again later, or name another mirror with --mirror URL"
        case .cannotWrite(let path, let reason):
            "cannot write \(path.printable): \(reason)"
        case .busy(let folder):
            "another process is fetching into \(folder.printable): wait until it is done"
        case .cancelled:
            "stopped; the same command goes on where this one ended"
        }
    }
}

/// Why a file could not be written. Each case prints one sentence.
public enum FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, or the temporary one beside it, cannot be made.
    case cannotCreate(path: String, reason: String)
    /// It was made, but its bytes could not all be brought to the disk.
    case cannotWrite(path: String, reason: String)

    public var description: String {
        switch self {
        case .cannotCreate(let path, let reason): "cannot create \(path.printable): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write \(path.printable): \(reason)"
        }
    }
}

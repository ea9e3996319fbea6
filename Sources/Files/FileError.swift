/// Why a file could not be read or written. Each case prints one sentence.
public enum FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, or the temporary one beside it, cannot be made.
    case cannotCreate(path: String, reason: String)
    /// It was made, but its bytes could not all be brought to the disk.
    case cannotWrite(path: String, reason: String)

    case notFound(path: String)
    case isFolder(path: String)
    /// A device, a named pipe, a socket: what has no size.
    case notRegular(path: String)
    case cannotRead(path: String, reason: String)
    /// A file in a folder names it, and it is not in that folder.
    case outside(path: String)
    /// It became shorter while it was read.
    case changed(path: String)

    public var description: String {
        switch self {
        case .cannotCreate(let path, let reason): "cannot create \(path.printable): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write \(path.printable): \(reason)"
        case .notFound(let path): "there is no file \(path.printable): check the name and the folder"
        case .isFolder(let path): "\(path.printable) is a folder: name a file in it"
        case .notRegular(let path): "\(path.printable) is a device or a pipe: name an ordinary file"
        case .cannotRead(let path, let reason): "cannot read \(path.printable): \(reason)"
        case .outside(let path): "\(path.printable) is not in the folder that it must be in: put it there"
        case .changed(let path):
            "\(path.printable) became shorter while it was read: try again when whatever writes it is done"
        }
    }
}

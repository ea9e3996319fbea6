import Files

/// What is written to a file at a person's wish.
public enum Exhibit: Hashable, Sendable {
    case picture(Picture)
    /// Frames of one shape, each shown for so long.
    case film([Picture], frameDuration: Duration)
    /// Lines that end in line feeds.
    case text(String)
}

extension Exhibit {
    /// Writes it to a file that is whole or not there; the name's suffix decides about the format.
    ///
    /// - Throws: ``PictureFileError``
    public func write(to path: String) throws(PictureFileError) {
        switch self {
        case .picture(let picture): try PictureFile.write([picture], to: path)
        case .film(let pictures, _): try PictureFile.write(pictures, to: path)
        case .text(let text):
            do throws(FileError) {
                try AtomicFile.write(Array(text.utf8), to: path)
            } catch {
                throw .file(error)
            }
        }
    }
}

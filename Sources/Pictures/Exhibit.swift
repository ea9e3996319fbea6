import Files

/// What is written to a file at a person's wish.
public enum Exhibit: Hashable, Sendable {
    case picture(Picture)
    /// Frames of one shape, each shown for so long.
    case film([Picture], frameDuration: Duration)
    /// Lines that end in line feeds.
    case text(String)
    /// A whole screen: as SVG, or as text with its colors as control sequences.
    case screen(String)
}

extension Exhibit {
    /// Writes it to a file that is whole or not there; the name's suffix decides about the format: pictures as
    /// ``PictureFormat`` has it, a film as an animation in GIF and as a strip of one row in PNG, text in .txt.
    ///
    /// - Throws: ``PictureFileError``
    public func write(to path: String, _ showing: PictureShowing = PictureShowing()) throws(PictureFileError) {
        switch self {
        case .picture(let picture): try PictureFile.write([picture], to: path, showing)
        case .film(let pictures, let frameDuration):
            var showing = showing
            (showing.columns, showing.frameDuration) = (pictures.count, frameDuration)
            try PictureFile.write(pictures, to: path, showing)
        case .text(let text):
            guard Exhibit.isTextFile(path) else { throw .textOnly(path) }
            try write(text, to: path)
        case .screen(let text): try write(text, to: path)
        }
    }

    private func write(_ text: String, to path: String) throws(PictureFileError) {
        do throws(FileError) {
            try AtomicFile.write(Array(text.utf8), to: path)
        } catch {
            throw .file(error)
        }
    }

    /// Whether a file's name says that it holds text.
    public static func isTextFile(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.count > 4 && name.lowercased().hasSuffix(".txt")
    }
}

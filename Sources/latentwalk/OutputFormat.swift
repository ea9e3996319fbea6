import Files
import Pictures

/// What a file is written as; the suffix of its name decides.
enum OutputFormat: Equatable {
    case pictures(PictureFormat)
    /// Shaded text.
    case text

    /// - Throws: ``OutputError``
    init(path: String) throws(OutputError) {
        guard !Exhibit.isTextFile(path) else {
            self = .text
            return
        }
        do throws(PictureFileError) {
            self = .pictures(try PictureFormat(path: path))
        } catch {
            throw .unknownSuffix(path)
        }
    }

    /// Whether people look at it, so that it may be enlarged.
    var isShown: Bool { self == .pictures(.png) || self == .pictures(.gif) }
}

/// Why a file is not written. Each case prints one sentence.
enum OutputError: CommandError, Equatable {
    case unknownSuffix(String)

    var exit: SystemExit { .usage }

    var description: String {
        switch self {
        case .unknownSuffix(let path):
            "\(path.printable): the name must end in .png, .gif, .txt, .npy or .csv, which decides about the format"
        }
    }
}

import Files

/// What happened to a file that begins as a zip archive and cannot be opened as one.
public enum ArchiveDamage: Hashable, Sendable, CustomStringConvertible {
    /// The directory at the end is missing: a download or a copy that stopped early.
    case truncated
    /// LF became CRLF, or CRLF became LF, as tools do to text.
    case lineEndsConverted
    /// It was decoded as UTF-8 and written again; what was no UTF-8 is lost.
    case decodedAsText
    /// Anything else, in the words of the library.
    case other(String)

    public var description: String {
        switch self {
        case .truncated: "its end is missing; download or copy it again"
        case .lineEndsConverted: "\(TextConversion.lineEnds)"
        case .decodedAsText: "\(TextConversion.decoding)"
        case .other(let reason): "\(reason)"
        }
    }

    /// The record that ends an archive's directory begins no further from the file's end: behind it stands a comment.
    static let endLength = 22 + 65_535

    /// Looks for the traces that each kind of damage leaves.
    ///
    /// - Parameters:
    ///   - start: the file, or its beginning.
    ///   - end: the file, or its end.
    ///   - reason: what the library says.
    init(start: UnsafeRawBufferPointer, end: UnsafeRawBufferPointer, reason: String) {
        let end = end.suffix(ArchiveDamage.endLength)
        let hasDirectory = end.indices.contains { end[$0...].starts(with: "PK\u{5}\u{6}".utf8) }
        switch TextConversion(start) {
        case .decoding: self = .decodedAsText
        case .lineEnds: self = .lineEndsConverted
        case nil: self = hasDirectory ? .other(reason) : .truncated
        }
    }
}

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
        case .lineEndsConverted: "its line ends were converted as if it were text; download it again as a binary file"
        case .decodedAsText: "it was stored as if it were text; download it again as a binary file"
        case .other(let reason): "\(reason)"
        }
    }

    /// Looks for the traces that each kind of damage leaves.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - reason: what the library says.
    init(of bytes: UnsafeRawBufferPointer, reason: String) {
        let traces = Traces(bytes)
        // In bytes without a pattern each pair would be met once in 65,536.
        if traces.replacements > 8, traces.replacements > bytes.count / 1000 {
            self = .decodedAsText
        } else if traces.lineFeeds > 8, traces.lineFeeds == traces.pairs {
            self = .lineEndsConverted
        } else if !traces.hasDirectory {
            self = .truncated
        } else if traces.pairs == 0, bytes.count > 8 << 16 {
            self = .lineEndsConverted
        } else {
            self = .other(reason)
        }
    }
}

/// What is counted in a file's bytes.
private struct Traces {
    var lineFeeds = 0
    /// CR and LF.
    var pairs = 0
    /// U+FFFD in UTF-8.
    var replacements = 0
    /// Whether the record that ends an archive's directory is there.
    var hasDirectory = false

    init(_ bytes: UnsafeRawBufferPointer) {
        var last: UInt32 = 0
        for byte in bytes {
            last = last << 8 | UInt32(byte)
            if byte == 0x0A {
                lineFeeds += 1
                if last & 0xFFFF == 0x0D0A { pairs += 1 }
            }
            if last & 0xFF_FFFF == 0xEF_BFBD { replacements += 1 }
            if last == 0x504B_0506 { hasDirectory = true }
        }
    }
}

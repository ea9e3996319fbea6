/// What tools do to a file when they take it for text, told by the traces that it leaves.
public enum TextConversion: Hashable, Sendable, CustomStringConvertible {
    /// LF became CRLF, or CRLF became LF.
    case lineEnds
    /// It was decoded as UTF-8 and written again; what was no UTF-8 is lost.
    case decoding

    public var description: String {
        switch self {
        case .lineEnds: "its line ends were converted as if it were text; download it again as a binary file"
        case .decoding: "it was stored as if it were text; download it again as a binary file"
        }
    }

    /// Bytes that tell: more of a file adds nothing new.
    public static let most = 16 << 20

    /// Looks for the traces.
    ///
    /// - Parameter bytes: a file that is damaged, whole or its beginning.
    /// - Returns: nil where there are none.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(TextConversion.most))
        var (lineFeeds, pairs, replacements) = (0, 0, 0)
        var last: UInt32 = 0
        for byte in bytes {
            last = last << 8 | UInt32(byte)
            if byte == 0x0A {
                lineFeeds += 1
                if last & 0xFFFF == 0x0D0A { pairs += 1 }
            }
            // U+FFFD in UTF-8.
            if last & 0xFF_FFFF == 0xEF_BFBD { replacements += 1 }
        }
        // In bytes without a pattern each pair would be met once in 65,536.
        if replacements > 8, replacements > bytes.count / 1000 {
            self = .decoding
        } else if lineFeeds > 8, lineFeeds == pairs {
            self = .lineEnds
        } else if lineFeeds > bytes.count / 1024, pairs == 0, bytes.count > 8 << 16 {
            self = .lineEnds
        } else {
            return nil
        }
    }
}

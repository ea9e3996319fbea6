/// The sequence with which a program asks its terminal to put text into the clipboard (OSC 52), over ssh too.
///
/// The terminal may refuse without a word. tmux passes it on where its option `set-clipboard` is on.
enum Clipboard {
    static func sequence(for text: String) -> String { "\u{1B}]52;c;\(base64(Array(text.utf8)))\u{07}" }

    /// RFC 4648, with padding. The standard library has none, and Foundation would slow each start down.
    static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let text = stride(from: 0, to: bytes.count, by: 3).flatMap { first -> [UInt8] in
            let group = bytes[first..<min(first + 3, bytes.count)]
            let bits = (0..<3).reduce(0) { $0 << 8 | Int($1 < group.count ? group[first + $1] : 0) }
            return (0..<4).map { $0 <= group.count ? digits[bits >> (18 - 6 * $0) & 63] : UInt8(ascii: "=") }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

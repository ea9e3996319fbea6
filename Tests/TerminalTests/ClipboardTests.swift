import Testing

@testable import Terminal

@Suite("The clipboard")
struct ClipboardTests {
    @Test(
        "Text is sent as base64, as RFC 4648 has it",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(text: String, expected: String) {
        #expect(Clipboard.sequence(for: text) == "\u{1B}]52;c;\(expected)\u{07}")
    }
}

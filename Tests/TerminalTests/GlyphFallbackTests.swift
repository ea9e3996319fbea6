import Testing

@testable import Terminal

@Suite("Glyph fallback")
struct GlyphFallbackTests {
    @Test(
        "What would break the screen never reaches it",
        arguments: ["\u{1B}", "\u{07}", "\u{7F}", "\u{9B}"] as [Unicode.Scalar])
    func controls(scalar: Unicode.Scalar) {
        var fallback = GlyphFallback(isASCII: false, drawsASCIIBorders: false)
        #expect(fallback.glyph(for: scalar) == " ")
    }

    @Test("In ASCII, lines become + - | and everything else something printable")
    func ascii() {
        var fallback = GlyphFallback(isASCII: true, drawsASCIIBorders: true)
        let lines = "┌─┐│├┼┘╭━┃".unicodeScalars.map { fallback.glyph(for: $0) }
        #expect(lines == Array("+-+|+++".unicodeScalars) + Array("+-|".unicodeScalars))
        for value in 0xA0...0x2800 {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            #expect((0x20...0x7E).contains(fallback.glyph(for: scalar).value))
        }
    }

    @Test("Signs that a sentence may hold have something in ASCII that can be read for them")
    func signs() {
        var fallback = GlyphFallback(isASCII: true, drawsASCIIBorders: true)
        let text = "−1.5 ×2 ÷2 z₀ z₁₉ 10² μσβ “a” → b".unicodeScalars.map { fallback.glyph(for: $0) }
        #expect(String(String.UnicodeScalarView(text)) == "-1.5 x2 /2 z0 z19 102 usb \"a\" > b")
    }

    @Test("ASCII borders leave pictures alone")
    func bordersOnly() {
        var fallback = GlyphFallback(isASCII: false, drawsASCIIBorders: true)
        #expect(fallback.glyph(for: "│") == "|")
        #expect(fallback.glyph(for: "▄") == "▄")
    }
}

import Files
import Testing

@Suite("Printable text")
struct PrintableTextTests {
    @Test("Escape sequences, C1 controls and direction marks lose their power; letters stay")
    func stripped() {
        #expect("decoder\u{1B}[31m.3\u{7F}".printable == "decoder[31m.3")
        #expect("a\u{9B}2Jb".printable == "a2Jb")
        #expect("evil\u{202E}gpj.exe".printable == "evilgpj.exe")
        #expect("one\ttwo\nthree\r".printable == "one two three")
        #expect("Größe 数字 z₀".printable == "Größe 数字 z₀")
    }

    @Test("Text of any length is cut, also where one letter has a million marks")
    func bounded() {
        #expect("abc".printable(atMost: 3) == "abc")
        #expect("abcd".printable(atMost: 3) == "ab…")
        #expect(String(repeating: "\u{1B}x", count: 1_000_000).printable(atMost: 5) == "xxxx…")
        let marked = "a" + String(repeating: "\u{301}", count: 1_000_000)
        #expect(marked.printable(atMost: 5).unicodeScalars.count < 100)
    }
}

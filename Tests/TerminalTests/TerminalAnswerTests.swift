import Cells
import Testing

@testable import Terminal

@Suite("Answers of a terminal")
struct TerminalAnswerTests {
    private let start = ContinuousClock.now

    private func asked() -> InputDecoder {
        var decoder = InputDecoder()
        decoder.expect(.background, at: start)
        decoder.expect(.cursor, at: start)
        return decoder
    }

    @Test(
        "A background is read in each form that terminals answer in",
        arguments: [
            ("rgb:ffff/ffff/ffff\u{1B}\\", SIMD3<Double>(1, 1, 1)), ("rgb:00/00/00\u{07}", .zero),
            ("rgb:f/0/f\u{07}", SIMD3(1, 0, 1)), ("rgb:FFF/000/000\u{07}", SIMD3(1, 0, 0)),
            ("rgba:ffff/0000/0000/8000\u{1B}\\", SIMD3(1, 0, 0)), ("#00ff00\u{07}", SIMD3(0, 1, 0)),
            ("#ffff00000000\u{1B}\\", SIMD3(1, 0, 0)), ("rgba:00/ff/00/ff\u{07}", SIMD3(0, 1, 0)),
        ])
    func forms(text: String, color: SIMD3<Double>) {
        var decoder = asked()
        #expect(decoder.decode(Array("\u{1B}]11;\(text)q".utf8), at: start) == [.key(.character("q"))])
        #expect(decoder.takeAnswers() == [.background(color)])
    }

    @Test(
        "What is no color is no answer, and no key either",
        arguments: ["rgb:ff/ff\u{07}", "rgb:12345/0/0\u{07}", "rgb:xx/yy/zz\u{07}", "?\u{07}", "#ff\u{07}", "\u{07}"])
    func nonsense(text: String) {
        var decoder = asked()
        let events = decoder.decode(Array("\u{1B}]11;\(text)".utf8), at: start)
        #expect(decoder.takeAnswers().isEmpty)
        #expect(events.allSatisfy { $0 != .key(.escape) && $0 != .key(.character("q")) })
    }

    @Test("An answer split anywhere, its pieces a second apart, is an answer and never a key")
    func split() {
        let bytes = Array("\u{1B}]11;rgb:fdfd/f6f6/e3e3\u{1B}\\".utf8)
        for place in 2..<bytes.count {
            var decoder = asked()
            var events = decoder.decode(bytes[..<place], at: start)
            let later = start.advanced(by: .seconds(1))
            events += decoder.flush(at: later)
            events += decoder.decode(bytes[place...], at: later)
            #expect(events.isEmpty, "split at \(place)")
            #expect(decoder.takeAnswers().count == 1, "split at \(place)")
        }
    }

    @Test(
        "An Escape that came alone may be the first byte of an answer for a quarter of a second, and its tail is no key later"
    )
    func loneEscape() {
        let tail = Array("]11;rgb:ff/ff/ff\u{07}".utf8)
        for delay in [Duration.milliseconds(200), .seconds(1)] {
            var decoder = asked()
            _ = decoder.decode([0x1B], at: start)
            let later = start.advanced(by: delay)
            let escapes = decoder.flush(at: later)
            #expect(escapes == (delay > .milliseconds(250) ? [.key(.escape)] : []))
            #expect(decoder.decode(tail, at: later).isEmpty)
            #expect(decoder.takeAnswers() == [.background(SIMD3(1, 1, 1))])
        }
    }

    @Test("A key behind an answer that breaks off is a key")
    func brokenOff() {
        var decoder = asked()
        #expect(decoder.decode(Array("\u{1B}]11;rgb:ff".utf8), at: start).isEmpty)
        let later = start.advanced(by: .milliseconds(500))
        #expect(decoder.decode(Array("q".utf8), at: later) == [.key(.character("q"))])
        #expect(decoder.decode(Array("\u{1B}[C".utf8), at: later) == [.key(.right)])
    }

    @Test("The cursor's place is an answer where it was asked for, and Shift-F3 elsewhere")
    func cursor() {
        var decoder = asked()
        #expect(decoder.decode(Array("\u{1B}[1;3R".utf8), at: start).isEmpty)
        #expect(decoder.takeAnswers() == [.cursorColumn(3)])
        #expect(decoder.decode(Array("\u{1B}[1;2R".utf8), at: start).isEmpty)
        #expect(decoder.takeAnswers().isEmpty)
    }

    @Test("Nobody asked: an answer is nothing")
    func unasked() {
        var decoder = InputDecoder()
        #expect(decoder.decode(Array("\u{1B}]11;rgb:ff/ff/ff\u{07}".utf8), at: start).isEmpty)
        #expect(decoder.takeAnswers().isEmpty)
    }

    @Test(
        "Light is what black is read on better than white",
        arguments: [
            (0xFFFFFF, TerminalBackground.light), (0xFDF6E3, .light), (0x808080, .light), (0x000000, .dark),
            (0x002B36, .dark), (0x300A24, .dark), (0x606060, .dark),
        ])
    func lightness(color: Int, expected: TerminalBackground) {
        let channels = [color >> 16, color >> 8 & 255, color & 255].map { Double($0) / 255 }
        #expect(TerminalBackground(SIMD3(channels[0], channels[1], channels[2])) == expected)
    }
}

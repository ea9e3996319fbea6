import Cells
import Testing

@testable import Terminal

@Suite("Input decoder")
struct InputDecoderTests {
    private let start = ContinuousClock.now

    private func decode(_ text: String, keys: [String: [UInt8]] = [:]) -> [InputEvent] {
        var decoder = InputDecoder(keys: KeyTable(keys))
        return decoder.decode(Array(text.utf8), at: start)
    }

    @Test(
        "Keys are known in every form that terminals send them",
        arguments: [
            ("\u{1B}[A", Key.up), ("\u{1B}OA", .up), ("\u{1B}[1;1A", .up), ("\u{1B}OD", .left), ("\u{1B}[C", .right),
            ("\u{1B}[1;2A", .shiftUp), ("\u{1B}[1;2B", .shiftDown), ("\u{1B}[1;2C", .shiftRight),
            ("\u{1B}[1;2D", .shiftLeft), ("\u{1B}[a", .shiftUp), ("\u{1B}[d", .shiftLeft),
            ("\u{1B}[H", .home), ("\u{1B}OH", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home),
            ("\u{1B}[F", .end), ("\u{1B}OF", .end), ("\u{1B}[4~", .end), ("\u{1B}[8~", .end),
            ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[3~", .delete), ("\u{1B}[Z", .backTab),
            ("\t", .tab), ("\r", .enter), ("\n", .enter), ("\u{1B}OM", .enter), ("\u{7F}", .backspace),
            ("\u{08}", .backspace), ("\u{01}", .control("a")), ("\u{00}", .control(" ")), ("a", .character("a")),
            ("\u{1B}Oq", .character("1")), ("\u{1B}Ok", .character("+")), ("é", .character("é")),
            ("⇧", .character("⇧")), ("😀", .character("😀")), ("\u{1B}\u{1B}[A", .up),
        ])
    func keys(text: String, key: Key) {
        #expect(decode(text).last == .key(key))
    }

    @Test("The terminal's own description comes first")
    func described() {
        #expect(decode("\u{1B}[57362~", keys: ["kpp": Array("\u{1B}[57362~".utf8)]) == [.key(.pageUp)])
        // A description whose Shift-arrow equals the plain one means the plain one.
        let same = ["kcuu1": Array("\u{1B}[A".utf8), "kri": Array("\u{1B}[A".utf8)]
        #expect(decode("\u{1B}[A", keys: same) == [.key(.up)])
    }

    @Test(
        "A sequence nobody knows is swallowed whole: none of its letters becomes a command",
        arguments: [
            "\u{1B}[1;5A", "\u{1B}[200~", "\u{1B}[?1;2c", "\u{1B}[[A", "\u{1B}[12;34R",
            "\u{1B}]11;rgb:0000/0000/0000\u{07}",
            "\u{1B}]10;rgb:ffff/ffff/ffff\u{1B}\\", "\u{1B}P>|xterm(370)\u{1B}\\", "\u{1B}q", "\u{1B}[I", "\u{1B}OP",
            "\u{1B}[>0;276;0c", "\u{1B}[27;5;9~", "\u{1B}[99999999999999999999A", "\u{1B}[<0;1M",
            "\u{1B}[<0;0;0M", "\u{1B}é",
        ])
    func unknown(text: String) {
        #expect(decode(text + "z") == [.key(.character("z"))])
    }

    @Test("Bytes that are no UTF-8 are dropped, and nothing behind them is")
    func brokenCharacters() {
        var decoder = InputDecoder()
        #expect(
            decoder.decode([0xC3, 0x28, 0xFF, 0x80, 0x61], at: start) == [.key(.character("(")), .key(.character("a"))])
        var plain = InputDecoder(isUTF8: false)
        #expect(plain.decode([0xC3, 0xA9, 0x61], at: start) == [.key(.character("a"))])
    }

    @Test("Escape alone is the key after 50 ms, and not before")
    func loneEscape() {
        var decoder = InputDecoder()
        #expect(decoder.decode([0x1B], at: start) == [])
        #expect(decoder.deadline == start.advanced(by: .milliseconds(50)))
        #expect(decoder.flush(at: start.advanced(by: .milliseconds(49))) == [])
        #expect(decoder.flush(at: start.advanced(by: .milliseconds(50))) == [.key(.escape)])
        #expect(decoder.deadline == nil)
    }

    @Test("A sequence in pieces is one key, wherever it is cut", arguments: 1...5)
    func split(cut: Int) {
        let bytes = Array("\u{1B}[1;2A".utf8)
        var decoder = InputDecoder()
        #expect(decoder.decode(bytes.prefix(cut), at: start) == [])
        #expect(decoder.decode(bytes.dropFirst(cut), at: start.advanced(by: .milliseconds(40))) == [.key(.shiftUp)])
    }

    @Test("A tail that comes after Escape was given away is a key yet, and no letters")
    func lateTail() {
        var decoder = InputDecoder()
        _ = decoder.decode([0x1B], at: start)
        #expect(decoder.flush(at: start.advanced(by: .milliseconds(60))) == [.key(.escape)])
        let tail = decoder.decode(Array("[1;2H".utf8), at: start.advanced(by: .milliseconds(90)))
        #expect(tail == [.key(.home)])
        // Much later a bracket is a bracket again.
        _ = decoder.decode([0x1B], at: start.advanced(by: .seconds(1)))
        _ = decoder.flush(at: start.advanced(by: .seconds(2)))
        #expect(
            decoder.decode(Array("[A".utf8), at: start.advanced(by: .seconds(4)))
                == [.key(.character("[")), .key(.character("A"))])
    }

    @Test("An unfinished sequence is dropped after a while, and keys work again")
    func unfinished() {
        var decoder = InputDecoder()
        _ = decoder.decode(Array("\u{1B}]11;rgb".utf8), at: start)
        #expect(decoder.flush(at: start.advanced(by: .milliseconds(300))) == [])
        #expect(decoder.decode(Array("q".utf8), at: start.advanced(by: .milliseconds(301))) == [.key(.character("q"))])
    }

    @Test("Many keys in one read all come, in order")
    func burst() {
        #expect(
            decode("a\u{1B}[A\u{1B}OBé\r")
                == [.key(.character("a")), .key(.up), .key(.down), .key(.character("é")), .key(.enter)])
    }

    @Test("Press, drag and release of the left button, beyond column 223 too")
    func drag() {
        let events = decode("\u{1B}[<0;10;5M\u{1B}[<32;260;6M\u{1B}[<0;260;6m\u{1B}[<35;1;1M")
        #expect(
            events == [
                .mouse(.press, Position(column: 9, row: 4)), .mouse(.drag, Position(column: 259, row: 5)),
                .mouse(.release, Position(column: 259, row: 5)),
            ])
    }

    @Test("Shift held does not change what the mouse does; other buttons do nothing")
    func buttons() {
        #expect(decode("\u{1B}[<4;1;1M") == [.mouse(.press, Position(column: 0, row: 0))])
        #expect(decode("\u{1B}[<2;1;1M\u{1B}[<34;2;1M\u{1B}[<2;2;1m") == [])
    }

    @Test("The wheel turns up and down, and not sideways")
    func wheel() {
        let place = Position(column: 2, row: 1)
        #expect(
            decode("\u{1B}[<64;3;2M\u{1B}[<65;3;2M\u{1B}[<66;3;2M") == [
                .mouse(.wheelUp, place), .mouse(.wheelDown, place),
            ])
    }

    @Test("The mouse of old terminals works as far as it reaches")
    func oldMouse() {
        var decoder = InputDecoder()
        let press: [UInt8] = [0x1B, 0x5B, 0x4D, 32, 33 + 9, 33 + 4]
        let drag: [UInt8] = [0x1B, 0x5B, 0x4D, 64, 33 + 200, 33 + 4]
        let release: [UInt8] = [0x1B, 0x5B, 0x4D, 35, 33 + 200, 33 + 4]
        #expect(
            decoder.decode(press + drag + release, at: start) == [
                .mouse(.press, Position(column: 9, row: 4)), .mouse(.drag, Position(column: 200, row: 4)),
                .mouse(.release, Position(column: 200, row: 4)),
            ])
    }

    @Test("No bytes whatever bring it out of step: a key typed after them arrives")
    func noise() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 1...40)).map { _ in
                Bool.random(using: &generator) ? UInt8.random(in: 0...255) : Array("\u{1B}[<;O1M".utf8).randomElement()!
            }
            var decoder = InputDecoder()
            _ = decoder.decode(bytes, at: start)
            let later = start.advanced(by: .seconds(1))
            _ = decoder.flush(at: later)
            let events = decoder.decode(Array("q".utf8), at: later.advanced(by: .seconds(1)))
            #expect(events.last == .key(.character("q")), "after \(bytes)")
        }
    }

    @Test("A string that never ends swallows keys for a quarter of a second and no longer, however soon they come")
    func endless() {
        var decoder = InputDecoder(keys: KeyTable([:]))
        #expect(decoder.decode(Array("\u{1B}P".utf8), at: start).isEmpty)
        var seen: [InputEvent] = []
        for key in 1...5 {
            seen += decoder.decode(Array("l".utf8), at: start.advanced(by: .milliseconds(100 * key)))
        }
        #expect(seen == Array(repeating: .key(.character("l")), count: 3))
    }
}

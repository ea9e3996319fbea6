import PseudoTerminal
import Testing

@Suite("Keys and mouse through a pseudo-terminal")
struct TerminalKeysTests {
    @Test(
        "Keys arrive right under every terminal description",
        arguments: ["xterm-256color", "tmux-256color", "screen-256color", "linux", "vt100", "xterm"])
    func keys(term: String) throws {
        let demo = try Demo.ready(["TERM": term])
        let keys = [
            ("\u{1B}OA", "up"), ("\u{1B}[B", "down"), ("\u{1B}[1;2A", "shiftUp"), ("\u{1B}[1;2B", "shiftDown"),
            ("\u{1B}[1;2C", "shiftRight"), ("\u{1B}[1;2D", "shiftLeft"), ("\u{1B}[1~", "home"), ("\u{1B}OF", "end"),
            ("\u{1B}[5~", "pageUp"), ("\u{1B}[6~", "pageDown"), ("\u{1B}[3~", "delete"), ("\t", "tab"),
            ("\u{1B}[Z", "backTab"), ("\u{7F}", "backspace"), ("\r", "enter"), ("\u{1B}[1;5A", ""),
            ("\u{1B}", "escape"),
        ]
        demo.terminal.type(keys.map(\.0).joined())
        let expected = keys.map(\.1).filter { !$0.isEmpty }.map { "key \($0)" }
        #expect(try demo.events(expected.count) == expected)
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
    }

    @Test("The mouse is asked for with drag, drags arrive beyond column 223, and it is switched off at the end")
    func mouse() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"], columns: 260)
        #expect(demo.terminal.text.contains("\u{1B}[?1002h\u{1B}[?1006h"))
        demo.terminal.type("\u{1B}[<0;3;4M\u{1B}[<32;250;5M\u{1B}[<0;250;5m")
        #expect(try demo.events(3) == ["mouse press 2,3", "mouse drag 249,4", "mouse release 249,4"])
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
        #expect(demo.isRestored)
    }

    @Test("Held keys all arrive, however many")
    func burst() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"])
        demo.terminal.type(String(repeating: "\u{1B}[C", count: 500))
        #expect(try demo.events(500) == Array(repeating: "key right", count: 500))
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
    }
}

import PseudoTerminal
import Testing

@Suite("The screen through a pseudo-terminal")
struct TerminalScreenTests {
    @Test("A frame is bracketed as synchronised output, the cells within")
    func synchronised() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"])
        let text = demo.terminal.text
        let opening = try #require(text.range(of: "\u{1B}[?2026h"))
        let cells = try #require(text.range(of: "ready"))
        demo.terminal.read(for: .milliseconds(100))
        let closing = try #require(demo.terminal.text.range(of: "\u{1B}[?2026l"))
        #expect(opening.upperBound <= cells.lowerBound)
        let offsets = [cells.lowerBound, closing.lowerBound].map {
            demo.terminal.text.utf8.distance(from: text.startIndex, to: $0)
        }
        #expect(offsets[0] < offsets[1])
    }

    @Test("Only what changed is sent")
    func changes() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"], columns: 200, rows: 60)
        demo.terminal.type("d")
        demo.terminal.read(for: .milliseconds(300))
        demo.terminal.type("d")
        // The same picture again: nothing.
        #expect(demo.terminal.read(for: .milliseconds(200)).isEmpty)
    }

    @Test("Direct colours are exact, black is black, and the description they need leaves no trace in the environment")
    func direct() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color", "COLORTERM": "truecolor"])
        #expect(demo.terminal.text.contains("direct"))
        demo.terminal.type("d")
        try demo.terminal.wait(for: "38;2;23;5;7m")
        #expect(demo.terminal.text.contains("38;2;0;0;7m"))
        #expect(demo.terminal.text.contains("48;2;1;2;0m"))
    }

    @Test("A canvas of more colour pairs than are left is drawn whole all the same")
    func manyPairs() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color", "COLORTERM": "truecolor"], columns: 250, rows: 130)
        demo.terminal.type("d")
        demo.terminal.read(for: .milliseconds(500))
        demo.terminal.type("D")
        try demo.terminal.wait(for: "38;2;129;249;8m")
        #expect(try demo.events(2) == ["key character(\"d\")", "key character(\"D\")"])
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
    }

    @Test("With --color never and with NO_COLOR no colour is sent")
    func colorless() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color", "NO_COLOR": "1", "COLORTERM": "truecolor"])
        demo.terminal.type("d")
        demo.terminal.read(for: .milliseconds(200))
        #expect(!demo.terminal.text.contains("38;"))
        #expect(!demo.terminal.text.contains("[32m"))
    }

    @Test(
        "Glyphs reach the screen in UTF-8, also where the locale is not installed; in C they are ASCII",
        arguments: [
            (["LC_ALL": Demo.utf8Locale], "▀─"), (["LC_ALL": "", "LANG": "xx_XX.UTF-8"], "▀─"), (["LC_ALL": "C"], "#-"),
        ])
    func locales(environment: [String: String], expected: String) throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"].merging(environment) { $1 })
        try demo.terminal.wait(for: expected)
    }

    @Test("A new size is known at once, with the cells' ratio where pixels are told; a storm ends at the last size")
    func resize() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"])
        demo.terminal.resize(columns: 100, rows: 30, pixelWidth: 1000, pixelHeight: 750)
        #expect(try demo.events(1) == ["resized 100x30 ratio 2.5"])
        for step in 1...50 { demo.terminal.resize(columns: 60 + step, rows: 20 + step) }
        demo.terminal.read(for: .milliseconds(200))
        #expect(demo.events.last == "resized 110x70 ratio 2.5")
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
    }

    @Test("What others print while the screen is up comes out after it, on standard error")
    func capture() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"])
        demo.terminal.type("p")
        _ = try demo.events(1)
        demo.terminal.read(for: .milliseconds(100))
        #expect(!demo.terminal.text.contains("printed"))
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
        let end = try #require(demo.terminal.text.range(of: "\u{1B}[?1049l", options: .backwards))
        let after = demo.terminal.text[end.upperBound...]
        #expect(after.contains("printed to output") && after.contains("printed to error"))
    }
}

import PseudoTerminal
import Testing

@Suite("Questions to a terminal, through a pseudo-terminal")
struct TerminalQuestionTests {
    private static let question = "\u{1B}]11;?"

    @Test("The background is asked for behind the first frame, and the answer is told, with no key")
    func answered() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"])
        try demo.terminal.wait(for: Self.question)
        demo.terminal.type("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\\u{1B}[1;2R")
        #expect(try demo.events(1) == ["learned light blocks"])
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
        #expect(demo.events == ["learned light blocks", "key character(\"q\")"])
        let text = demo.terminal.text
        let (ready, asked) = (try #require(text.range(of: "ready")), try #require(text.range(of: Self.question)))
        #expect(ready.lowerBound < asked.lowerBound)
    }

    @Test("Where COLORFGBG tells, and where a question would be printed, none is asked")
    func unasked() throws {
        for environment in [
            ["TERM": "xterm-256color", "COLORFGBG": "0;15"], ["TERM": "linux"], ["TERM": "vt100"],
            ["TERM": "screen-256color"],
        ] {
            let demo = try Demo.ready(environment)
            demo.terminal.type("q")
            #expect(try demo.terminal.waitForExit() == .code(0))
            #expect(!demo.terminal.text.contains(Self.question), "\(environment)")
        }
    }

    @Test("An answer that comes after q is not left for the shell")
    func late() throws {
        let demo = try Demo(
            ["TERM": "xterm-256color"], shell: "$DEMO; read -t 1 rest 2>/dev/null || :; printf '<%s>' \"$rest\"")
        try demo.terminal.wait(for: Self.question)
        demo.terminal.type("q")
        demo.terminal.type("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\\u{1B}[1;2R")
        _ = demo.terminal.readUntilQuiet(for: .milliseconds(500), within: .seconds(10))
        #expect(!demo.terminal.text.contains("<\u{1B}") && !demo.terminal.text.contains("^[]11"))
    }

    @Test("A terminal that draws blocks two columns wide gets ASCII alone")
    func wide() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color", "COLORFGBG": "15;0"])
        try demo.terminal.wait(for: "\u{1B}[6n")
        demo.terminal.type("\u{1B}[1;3R")
        #expect(try demo.events(1) == ["learned dark ascii"])
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
    }
}

import Foundation
import PseudoTerminal
import Testing

@Suite("How a terminal is left behind")
struct TerminalLifeTests {
    static let terms = ["xterm-256color", "tmux-256color", "screen-256color", "linux", "vt100"]

    @Test("After q modes are as before, under every terminal description", arguments: terms)
    func quit(term: String) throws {
        let demo = try Demo(["TERM": term])
        let before = demo.terminal.initialModes
        try demo.terminal.wait(for: "ready")
        #expect(demo.terminal.modes != before)
        demo.terminal.type("q")
        #expect(try demo.terminal.waitForExit() == .code(0))
        #expect(demo.terminal.modes == before)
        if term.hasPrefix("xterm") || term.hasPrefix("tmux") { #expect(demo.isRestored) }
    }

    @Test(
        "TERM, HUP, INT and QUIT end in order, and whoever waits sees the signal",
        arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
    func signals(number: Int32) throws {
        let demo = try Demo(["TERM": "xterm-256color"])
        let before = demo.terminal.initialModes
        try demo.terminal.wait(for: "ready")
        demo.terminal.signal(number)
        #expect(try demo.terminal.waitForExit() == .signal(number))
        #expect(demo.events == ["terminated \(number)"])
        #expect(demo.isRestored)
        #expect(demo.terminal.modes == before)
    }

    @Test("Ctrl-C from the keyboard ends in order")
    func interrupt() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"])
        demo.terminal.type("\u{03}")
        #expect(try demo.terminal.waitForExit() == .signal(SIGINT))
        #expect(demo.isRestored)
    }

    @Test(
        "A crash gives the screen back first, then dies of its signal",
        arguments: [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT])
    func crash(number: Int32) throws {
        let demo = try Demo(["TERM": "xterm-256color"])
        let before = demo.terminal.initialModes
        try demo.terminal.wait(for: "ready")
        demo.terminal.signal(number)
        #expect(try demo.terminal.waitForExit() == .signal(number))
        #expect(demo.isRestored)
        #expect(demo.terminal.modes == before)
    }

    @Test("A trap of Swift's gives the screen back, and its message is read below it", arguments: ["", "truecolor"])
    func trap(colors: String) throws {
        let demo = try Demo(["TERM": "xterm-256color", "COLORTERM": colors])
        let before = demo.terminal.initialModes
        try demo.terminal.wait(for: "ready")
        demo.terminal.type("x")
        let exit = try demo.terminal.waitForExit()
        #expect(exit == .signal(SIGILL) || exit == .signal(SIGTRAP))
        #expect(demo.isRestored)
        #expect(demo.terminal.modes == before)
        let end = try #require(demo.terminal.text.range(of: "\u{1B}[?1049l", options: .backwards))
        #expect(demo.terminal.text[end.upperBound...].contains("trapped on purpose"))
    }

    @Test("A program that hangs ends at the second Ctrl-C, and gives the screen back")
    func hang() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"])
        demo.terminal.type("h")
        _ = try demo.events(1)
        demo.terminal.signal(SIGINT)
        demo.terminal.read(for: .milliseconds(100))
        demo.terminal.signal(SIGINT)
        #expect(try demo.terminal.waitForExit() == .signal(SIGINT))
        #expect(demo.isRestored)
    }

    @Test("The program ends when its terminal goes away")
    func hangUp() throws {
        let demo = try Demo.ready(["TERM": "xterm-256color"])
        demo.terminal.hangUp()
        #expect(try demo.terminal.waitForExit() == .signal(SIGHUP))
    }

    @Test("Ctrl-Z gives the terminal to the shell as it was, fg paints again")
    func stopAndContinue() throws {
        let shell =
            "set -m; stty -a > $EVENTS.before; $DEMO; stty -a > $EVENTS.stopped; echo shell-has-it; fg; echo all-done"
        let demo = try Demo(["TERM": "xterm-256color"], shell: shell)
        try demo.terminal.wait(for: "ready")
        demo.terminal.type("\u{1A}")
        let stopped = try demo.terminal.wait(for: "shell-has-it")
        let first = String(decoding: demo.terminal.output.prefix(stopped), as: UTF8.self)
        for sequence in Demo.restoring { #expect(first.contains(sequence)) }
        let again = try demo.terminal.wait(for: "\u{1B}[?1049h", from: stopped)
        try demo.terminal.wait(for: "ready", from: again)
        try demo.terminal.wait(for: "\u{1B}[?1002h\u{1B}[?1006h", from: again)
        #expect(try demo.events(1) == ["resumed"])
        demo.terminal.type("q")
        try demo.terminal.wait(for: "all-done", from: again)
        #expect(demo.isRestored)
        #expect(!demo.terminal.text.contains("\u{1B}]104"))
        let settings = demo.sideFiles(["before", "stopped"])
        #expect(settings[0] == settings[1] && !settings[0].isEmpty)
    }

    @Test(
        "Where nothing can be drawn there is one sentence, and the terminal is not touched",
        arguments: [("dumb", "cannot move its cursor"), ("nonsense", "does not know"), ("", "TERM is empty")])
    func unusable(term: String, sentence: String) throws {
        let demo = try Demo(["TERM": term])
        let before = demo.terminal.initialModes
        #expect(try demo.terminal.waitForExit() == .code(69))
        #expect(demo.terminal.text.contains(sentence))
        #expect(demo.terminal.text.split(separator: "\r\n").count == 1)
        #expect(!demo.terminal.text.contains("\u{1B}"))
        #expect(demo.terminal.modes == before)
    }

    @Test("A pipe or a file instead of the terminal is named", arguments: [true, false])
    func redirected(isInput: Bool) throws {
        let demo = try Demo(
            ["TERM": "xterm-256color"], inputPath: isInput ? "/dev/null" : nil,
            outputPath: isInput ? nil : "/dev/null")
        #expect(try demo.terminal.waitForExit() == .code(69))
        #expect(demo.terminal.text.contains("standard \(isInput ? "input" : "output") is not a terminal"))
        #expect(!demo.terminal.text.contains("\u{1B}"))
    }
}

import Foundation
import Platform
import PseudoTerminal
import Testing

@Suite("A training on a terminal")
struct TrainProgramTests {
    private static let patience = Duration.seconds(60)

    /// Types, and waits for what that brings onto the screen.
    private func type(_ keys: String, until text: String, _ terminal: PseudoTerminal) throws {
        let before = terminal.output.count
        terminal.type(keys)
        try terminal.wait(for: text, from: before, within: Self.patience)
    }

    @Test("Its view pauses, writes a checkpoint, opens Explore, comes back, and stops when asked twice")
    func keys() throws {
        let program = try Program.training(epochs: 100_000)
        let terminal = program.terminal
        try terminal.wait(for: "loss (nats", within: Self.patience)
        try terminal.wait(for: "epoch", within: Self.patience)
        try type("p", until: "paused", terminal)
        try type("p", until: "going on", terminal)
        try type("w", until: "writing", terminal)
        try type("\r", until: "decoded", terminal)
        try type("5", until: "manifold", terminal)
        try type("q", until: "again", terminal)
        #expect(!program.has("run/model.safetensors") || program.has("run/config.json"))
        terminal.type("q")
        #expect(try terminal.waitForExit(within: Self.patience) == .code(0))
        #expect(program.has("run/model.safetensors"))
        #expect(terminal.modes == terminal.initialModes)
        // After the screen is gone: five lines, the manifold, and where the model is.
        let end = try #require(terminal.text.range(of: "\u{1B}[?1049l", options: .backwards))
        let left = terminal.text[end.upperBound...]
        #expect(left.contains("stopped and saved"))
        #expect(left.contains("nats/image"))
        #expect(left.contains("model.safetensors"))
    }

    @Test("Q twice stops without saving anything more")
    func discard() throws {
        let program = try Program.training(epochs: 100_000)
        let terminal = program.terminal
        try terminal.wait(for: "loss (nats", within: Self.patience)
        try type("Q", until: "again", terminal)
        terminal.type("Q")
        #expect(try terminal.waitForExit(within: Self.patience) == .code(0))
        #expect(terminal.text.contains("not saved"))
    }

    @Test("Through, it stays until a key")
    func through() throws {
        let program = try Program.training(epochs: 2)
        let terminal = program.terminal
        try terminal.wait(for: "all epochs are done", within: Self.patience)
        terminal.read(for: .milliseconds(300))
        #expect(!terminal.text.contains("\u{1B}[?1049l"))
        terminal.type("x")
        #expect(try terminal.waitForExit(within: Self.patience) == .code(0))
        #expect(program.has("run/model.safetensors"))
    }

    @Test("D leaves the screen, and lines go on until the end")
    func detach() throws {
        let program = try Program.training(epochs: 400)
        let terminal = program.terminal
        try terminal.wait(for: "loss (nats", within: Self.patience)
        terminal.type("D")
        let left = try terminal.wait(for: "\u{1B}[?1049l", within: Self.patience)
        try terminal.wait(for: "the training goes on", from: left, within: Self.patience)
        try terminal.wait(for: "/400", from: left, within: Self.patience)
        #expect(terminal.modes == terminal.initialModes)
        terminal.type("\u{03}")
        _ = try terminal.waitForExit(within: Self.patience)
        #expect(program.has("run/model.safetensors"))
    }

    @Test("Ctrl-C stops in order and saves; whoever waits sees the signal")
    func interrupt() throws {
        let program = try Program.training(epochs: 100_000)
        let terminal = program.terminal
        try terminal.wait(for: "loss (nats", within: Self.patience)
        terminal.type("\u{03}")
        #expect(try terminal.waitForExit(within: Self.patience) == .signal(SIGINT))
        #expect(program.has("run/model.safetensors"))
        #expect(terminal.modes == terminal.initialModes)
    }

    @Test("When the terminal is gone, the training goes on and writes its files")
    func hangUp() throws {
        let program = try Program.training(epochs: 12)
        try program.terminal.wait(for: "loss (nats", within: Self.patience)
        program.terminal.hangUp()
        #expect(try program.terminal.waitForExit(within: Self.patience) == .code(0))
        #expect(program.has("run/model.safetensors"))
    }

    @Test("A terminal that takes nothing any more does not hold the training up")
    func blocked() throws {
        // Nobody reads: after some kilobytes every write to the terminal blocks, as after Ctrl-S.
        let program = try Program.training(epochs: 3)
        #expect(program.wait(forFile: "run/model.safetensors"))
        let terminal = program.terminal
        try terminal.wait(for: "all epochs are done", within: Self.patience)
        terminal.type("x")
        #expect(try terminal.waitForExit(within: Self.patience) == .code(0))
    }

    /// A long training whose screen waits in a write.
    private static func stuck() throws -> Program {
        let program = try Program.training(epochs: 100_000, columns: 200, rows: 60)
        try program.terminal.wait(for: "loss (nats", within: patience)
        try program.terminal.fill(typing: "\u{0C}")
        return program
    }

    @Test(
        "A signal stops and saves, and the process ends by it, while the terminal takes nothing",
        arguments: [SIGTERM, SIGHUP, SIGINT])
    func stuckSignal(number: Int32) throws {
        let program = try Self.stuck()
        let terminal = program.terminal
        terminal.signal(number)
        #expect(try terminal.waitForExit(within: Self.patience, reading: false) == .signal(number))
        #expect(program.text(of: "run/log.jsonl").contains("\"reason\":\"stopped\""))
        #expect(program.has("run/last.safetensors") && program.has("run/model.safetensors"))
        #expect(!program.has("run/lock"))
        #expect(terminal.modes == terminal.initialModes)
    }

    @Test("A terminal that took nothing is given back to the shell")
    func stuckShell() throws {
        // With the session's leader its terminal loses what nobody has read: the shell must live on.
        let shell = "trap : TERM; \"$0\" \"$@\"; echo \"code $?.\"; read line"
        let program = try Program(
            command: ["/bin/sh", "-c", shell, try BuiltProgram.path("latentwalk")],
            Program.trainingArguments(epochs: 100_000), columns: 200, rows: 60)
        let terminal = program.terminal
        try terminal.wait(for: "loss (nats", within: Self.patience)
        try terminal.fill(typing: "\u{0C}")
        terminal.signalGroup(SIGTERM)
        #expect(program.wait(forEndOf: "run/lock"))
        try terminal.wait(for: "code 143.", within: Self.patience)
        #expect(terminal.text.contains("\u{1B}[?1049l"))
        #expect(terminal.modes == terminal.initialModes)
    }

    @Test("A second signal ends it at once, while the terminal takes nothing")
    func stuckTwice() throws {
        let program = try Self.stuck()
        let terminal = program.terminal
        terminal.signal(SIGTERM)
        // The screen is waited for for a while: which signal ended the process tells that it was not.
        usleep(100_000)
        terminal.signal(SIGINT)
        #expect(try terminal.waitForExit(within: Self.patience, reading: false) == .signal(SIGINT))
        #expect(terminal.modes == terminal.initialModes)
    }

    @Test("SIGHUP stops and saves where the terminal is still there")
    func hangUpSignal() throws {
        let program = try Program.training(epochs: 100_000)
        let terminal = program.terminal
        try terminal.wait(for: "loss (nats", within: Self.patience)
        terminal.signal(SIGHUP)
        #expect(try terminal.waitForExit(within: Self.patience) == .signal(SIGHUP))
        #expect(program.text(of: "run/log.jsonl").contains("\"reason\":\"stopped\""))
        #expect(terminal.modes == terminal.initialModes)
        #expect(terminal.text.contains("stopped and saved"))
    }

    @Test("Through, a signal ends it as a key does")
    func throughSignal() throws {
        let program = try Program.training(epochs: 2)
        let terminal = program.terminal
        try terminal.wait(for: "all epochs are done", within: Self.patience)
        terminal.signal(SIGTERM)
        #expect(try terminal.waitForExit(within: Self.patience) == .signal(SIGTERM))
        #expect(terminal.modes == terminal.initialModes)
    }

    @Test("A pipe that nobody reads any more does not end it", arguments: ["", "--json"])
    func closedPipe(option: String) throws {
        let program = try Program(
            command: [
                "/bin/sh", "-c", "{ \"$0\" \"$@\"; echo \"code $?.\" >&2; } | head -1",
                try BuiltProgram.path("latentwalk"),
            ], Program.trainingArguments(epochs: 3) + (option.isEmpty ? [] : [option]))
        try program.terminal.wait(for: "code 0.", within: Self.patience)
        #expect(program.has("run/last.safetensors") && !program.has("run/lock"))
        #expect(program.text(of: "run/log.jsonl").contains("\"reason\":\"completed\""))
    }

    @Test("--plain prints lines on a terminal too")
    func plain() throws {
        let program = try Program.training(epochs: 2, ["--plain"])
        #expect(try program.terminal.waitForExit(within: Self.patience) == .code(0))
        #expect(program.terminal.text.contains("2/2"))
        #expect(!program.terminal.text.contains("\u{1B}[?1049h"))
    }
}

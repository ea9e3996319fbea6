import Foundation
import PseudoTerminal
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

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

    @Test("--plain prints lines on a terminal too")
    func plain() throws {
        let program = try Program.training(epochs: 2, ["--plain"])
        #expect(try program.terminal.waitForExit(within: Self.patience) == .code(0))
        #expect(program.terminal.text.contains("2/2"))
        #expect(!program.terminal.text.contains("\u{1B}[?1049h"))
    }
}

import PseudoTerminal
import Testing

@Suite("The explorer on a terminal")
struct ExploreProgramTests {
    @Test("It opens on a model, moves, shows its keys, and leaves the terminal as it was")
    func explore() throws {
        let model = Program.repository.appendingPathComponent("Models/mnist-2d.safetensors").path
        let program = try Program(["explore", model], columns: 120, rows: 40)
        let terminal = program.terminal
        try terminal.wait(for: "latent plane", within: .seconds(30))
        let moved = terminal.output.count
        terminal.type("m")
        try terminal.wait(for: "mark A", from: moved, within: .seconds(30))
        let asked = terminal.output.count
        terminal.type("?")
        try terminal.wait(for: "halve, double", from: asked, within: .seconds(30))
        terminal.type("?5")
        try terminal.wait(for: "nothing is trained here", from: asked, within: .seconds(30))
        terminal.type("q")
        #expect(try terminal.waitForExit(within: .seconds(30)) == .code(0))
        #expect(terminal.modes == terminal.initialModes)
        #expect(terminal.text.contains("\u{1B}[?1049l"))
    }
}

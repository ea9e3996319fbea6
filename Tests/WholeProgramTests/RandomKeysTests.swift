import PseudoTerminal
import Testing

@Suite("Random keys")
struct RandomKeysTests {
    /// What is typed must not be lost in a full terminal: it is read while it is typed.
    @Test(
        "Keys, clicks and sizes by chance end nothing, and afterwards one leaves in order",
        arguments: [1, 2] as [UInt64])
    func random(seed: UInt64) throws {
        let model = Program.repository.appendingPathComponent("Models/mnist-2d.safetensors").path
        let program = try Program(["explore", model, "--data", "FOLDER/data"], columns: 100, rows: 40)
        let terminal = program.terminal
        try terminal.wait(for: "latent plane", within: .seconds(30))
        var keys = RandomKeys(seed: seed)
        for _ in 0..<400 {
            keys.next().act(on: terminal)
            terminal.read(for: .milliseconds(1))
        }
        terminal.resize(columns: 100, rows: 40)
        // Out of whatever is open.
        for _ in 0..<4 {
            terminal.type("\u{1B}")
            terminal.read(for: .milliseconds(200))
        }
        try program.wait(forScreenWith: "latentwalk")
        terminal.type("1q")
        #expect(try terminal.waitForExit(within: .seconds(30)) == .code(0))
        #expect(terminal.modes == terminal.initialModes)
    }
}

import Foundation
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
        try terminal.wait(for: "shows a run", from: asked, within: .seconds(30))
        terminal.type("q")
        #expect(try terminal.waitForExit(within: .seconds(30)) == .code(0))
        #expect(terminal.modes == terminal.initialModes)
        #expect(terminal.text.contains("\u{1B}[?1049l"))
    }

    @Test("Directions with names come from a file beside the preferences, and go there; damaged ones count as none")
    func directions() throws {
        let model = Program.repository.appendingPathComponent("Models/mnist-2d.safetensors").path
        let program = try Program(["explore", model, "--no-animation"], columns: 120, rows: 40) { folder in
            let settings = folder.appendingPathComponent("latentwalk")
            try FileManager.default.createDirectory(at: settings, withIntermediateDirectories: true)
            let text = #"{"directions": [{"name": "slant", "vector": [2, 0]}, {"name": "no", "vector": ["x", 1]}]}"#
            try Data(text.utf8).write(to: settings.appendingPathComponent("directions.json"))
        }
        let terminal = program.terminal
        try terminal.wait(for: "latent plane", within: .seconds(30))
        terminal.type("m:apply slant 4\r")
        try terminal.wait(for: "+0.60", within: .seconds(30))
        terminal.type(":apply no 4\r")
        try terminal.wait(for: "there are slant", within: .seconds(30))
        terminal.type("m:direction A B\r:direction tilt\r")
        try terminal.wait(for: "kept as tilt", within: .seconds(30))
        terminal.type("q")
        #expect(try terminal.waitForExit(within: .seconds(30)) == .code(0))
        let kept = program.text(of: "latentwalk/directions.json")
        #expect(kept.contains("slant") && kept.contains("tilt") && !kept.contains("\"no\""))
    }
}

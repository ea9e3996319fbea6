import ArgumentParser
import Testing

@testable import latentwalk

/// All commands, and those within them.
private enum AllCommands {
    static var types: [any ParsableCommand.Type] {
        func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
            [command] + command.configuration.subcommands.flatMap { all($0) }
        }
        return all(LatentWalk.self)
    }

    static var examples: [Example] {
        types.flatMap { ($0 as? any ExampledCommand.Type)?.examples ?? [] }
    }

    /// A line's words without the program's name.
    static func words(_ line: String) -> [String] { line.split(separator: " ").dropFirst().map(String.init) }
}

@Suite("Help")
struct CommandHelpTests {
    @Test("Each command's help begins with examples, before its options")
    func examples() throws {
        for command in AllCommands.types {
            let name = command.configuration.commandName ?? ""
            let examples = try #require((command as? any ExampledCommand.Type)?.examples, "\(name) has no examples")
            let help = LatentWalk.helpMessage(for: command, columns: 80)
            let lines = help.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let first = try #require(lines.firstIndex(of: "Examples:"), "\(name)")
            let last = try #require(lines.firstIndex { $0.hasPrefix("USAGE:") })
            #expect(!examples.isEmpty && examples.count <= 3)
            #expect(first <= 4 && first + examples.count < last)
            // Whole, not wrapped.
            #expect(lines[first + 1...first + examples.count].elementsEqual(examples.map { "  \($0.line)" }))
        }
    }

    @Test("The parser takes each example", arguments: AllCommands.examples.map(\.line))
    func parsed(line: String) throws {
        try MistypedCommand.check(AllCommands.words(line))
        _ = try LatentWalk.parseAsRoot(AllCommands.words(line))
    }

    @Test(
        "An example that ends by itself does so, with what ships",
        arguments: AllCommands.examples.filter(\.endsSoon).map(\.line))
    func run(line: String) throws {
        let scratch = try Scratch()
        let ended = try CommandProcess(AllCommands.words(line), folder: scratch.path)
        #expect(ended.status == 0, "\(ended.errors)")
    }

    @Test("What names, chooses and prepares data stands under one title in each command that has it")
    func data() throws {
        for command in AllCommands.types {
            let help = LatentWalk.helpMessage(for: command, columns: 80)
            guard help.contains("\n  --data ") else { continue }
            let section = try #require(help.components(of: "\nDATA:\n").last?.components(of: "\n\n").first)
            for option in ["--data", "--split", "--limit", "--resize", "--strict"] where help.contains("\n  \(option) ")
            {
                #expect(("\n" + section).contains("\n  \(option) "), "\(command) \(option)")
            }
        }
    }

    @Test("A model that ships opens by its name, unless a file has it")
    func shippedModels() throws {
        let scratch = try Scratch()
        let named = try CommandProcess(["inspect", "mnist-8d"], folder: scratch.path)
        #expect(named.status == 0 && named.output.contains("mnist-8d"))
        try makeFolder("\(scratch.path)/mnist-8d")
        #expect(try CommandProcess(["inspect", "mnist-8d"], folder: scratch.path).status != 0)
        #expect(try CommandProcess(["inspect", "mnist-9d"], folder: scratch.path).status == 66)
    }
}

extension String {
    /// What lies between the places where another text stands.
    fileprivate func components(of separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}

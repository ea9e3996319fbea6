import ArgumentParser

/// A line that shows how a command is used; it works as it stands with what ships.
struct Example {
    let line: String
    /// Whether it ends by itself, soon, and needs no terminal, no network and no other run.
    let endsSoon: Bool

    init(_ line: String, endsSoon: Bool = true) { (self.line, self.endsSoon) = (line, endsSoon) }
}

/// A command whose help begins with examples.
protocol ExampledCommand: ParsableCommand {
    static var examples: [Example] { get }
}

extension ExampledCommand {
    /// What stands above the options: the examples, then the text.
    static func help(_ text: String) -> String {
        let lines = examples.map { "  \($0.line)\n" }.joined()
        return text.isEmpty ? "Examples:\n\(lines)" : "Examples:\n\(lines)\n\(text)"
    }
}

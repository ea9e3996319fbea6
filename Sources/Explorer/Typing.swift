import Cells
import Latent

/// Lines being typed, and what they are read as.
extension Shared {
    mutating func beginKey() {
        if message?.isError == true { message = nil }
        showsHints = false
        (answered, question) = (question, nil)
    }

    /// A key while a line is typed.
    ///
    /// - Returns: the line, if it is entered with this.
    mutating func type(_ key: Key) -> (line: String, purpose: Prompt.Purpose)? {
        guard var prompt else { return nil }
        let outcome = prompt.apply(key)
        self.prompt = prompt
        switch outcome {
        case .edited: historyIndex = nil
        case .cancelled: closePrompt()
        case .completion:
            if prompt.purpose == .command, let completed = CommandTable.completion(of: prompt.string) {
                self.prompt?.replace(with: completed)
            }
        case .history(let direction):
            if prompt.purpose == .command { recall(direction) }
        case .entered(let line):
            closePrompt()
            return (line, prompt.purpose)
        }
        return nil
    }

    private mutating func closePrompt() {
        prompt = nil
        historyIndex = nil
    }

    private mutating func recall(_ direction: Int) {
        let index = (historyIndex ?? history.count) + direction
        guard index >= 0, index <= history.count else { return }
        historyIndex = index
        prompt?.replace(with: index < history.count ? history[index] : "")
    }

    mutating func enterDestination(_ line: String) -> [Effect] {
        guard line.contains(where: { $0 != " " }) else { return [] }
        switch Destination.parse(line, latentCount: model.latentCount) {
        case .success(let destination): return go(to: destination)
        case .failure(let sentence): fail(sentence.text)
        }
        return []
    }

    /// The command of a typed line, which the history keeps; nil: nothing was typed.
    mutating func command(typed line: String) -> Result<Command, Sentence>? {
        let parsed = CommandTable.parse(commandNumberingClasses(in: line), latentCount: model.latentCount)
        if parsed != nil { history = Array((history.filter { $0 != line } + [line]).suffix(100)) }
        return parsed
    }

    /// A command line with classes by their numbers, where it is one that takes classes.
    private func commandNumberingClasses(in line: String) -> String {
        guard let command = line.split(separator: " ").first, let start = line.firstIndex(where: { $0 != " " }) else {
            return line
        }
        let rest = String(line[start...].dropFirst(command.count))
        switch command {
        case "from", "to": return "\(command) \(numberingClasses(in: rest))"
        case "direction":
            // One word is the name of a direction to keep.
            let numbered = numberingClasses(in: rest).split(separator: " ")
            return numbered.count == 2 && numbered.allSatisfy { Int($0) != nil }
                ? "direction \(numbered.joined(separator: " "))" : line
        default: return line
        }
    }
}

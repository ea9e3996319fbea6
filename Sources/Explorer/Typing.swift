import Cells
import Latent

/// Lines being typed, and what they are read as.
extension Shared {
    /// Answers what the key before left open.
    mutating func beginKey() -> [Effect] {
        if message?.isError == true { message = nil }
        (answered, question) = (question, nil)
        return noteHand()
    }

    /// What came of a key while a line is typed.
    enum Typed {
        case entered(line: String, Prompt.Purpose)
        case going([Effect])
    }

    mutating func type(_ key: Key) -> Typed {
        guard var prompt else { return .going([]) }
        let outcome = prompt.apply(key)
        self.prompt = prompt
        switch outcome {
        case .edited: historyIndex = nil
        case .cancelled: closePrompt()
        case .completion where prompt.purpose == .command: return .going(complete(prompt.string))
        case .completion: break
        case .history(let direction):
            if prompt.purpose == .command { recall(direction) }
        case .entered(let line):
            closePrompt()
            return .entered(line: line, prompt.purpose)
        }
        return .going([])
    }

    /// What the command line that is being typed may become; nil: none is.
    var completion: Completion? {
        guard let prompt, prompt.purpose == .command else { return nil }
        return Completion(of: prompt.string, files: fileCompletion)
    }

    private mutating func complete(_ line: String) -> [Effect] {
        guard let completion else { return [] }
        if let file = completion.soughtFile { return [.completeFile(file)] }
        if let completed = completion.line { prompt?.replace(with: completed) }
        return []
    }

    /// Names of files have come: the line is completed, if it is still the one that asked for them.
    mutating func take(_ files: FileCompletion) {
        fileCompletion = files
        guard let prompt, prompt.string.hasSuffix(" " + files.typed) || files.typed.isEmpty else { return }
        if let line = completion?.line, line.count > prompt.string.count { self.prompt?.replace(with: line) }
    }

    private mutating func closePrompt() {
        prompt = nil
        historyIndex = nil
        fileCompletion = nil
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

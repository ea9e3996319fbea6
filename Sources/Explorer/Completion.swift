/// What a command line that is being typed may become.
struct Completion: Hashable {
    /// One way to go on, and a line about it.
    struct Candidate: Hashable {
        let text: String
        let help: String
        /// The whole line with it.
        let line: String
    }

    let candidates: [Candidate]
    /// The line completed as far as all candidates agree; nil: there are none.
    let line: String?
    /// The file's name that is being typed, where the command takes one and it was not looked for yet.
    let soughtFile: String?

    /// - Parameter files: the names of files that were found last.
    init(of line: String, files: FileCompletion?) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts.first ?? ""
        guard parts.count == 2 else {
            candidates = CommandTable.definitions.compactMap { definition in
                ([definition.name] + definition.aliases).first { $0.hasPrefix(name) }.map { word in
                    let end = definition.arguments.isEmpty ? "" : " "
                    return Candidate(text: definition.usage, help: definition.help, line: word + end)
                }
            }
            self.line = Self.commonPrefix(of: candidates.map(\.line))
            soughtFile = nil
            return
        }
        let definition = CommandTable.definition(named: name)
        let typed = parts[1]
        let isKnown = files?.typed == typed || files?.names.contains(typed) == true
        let names = definition?.takesFile == true && isKnown ? files?.names ?? [] : []
        candidates = ((definition?.choices ?? []).filter { $0.hasPrefix(typed) } + names).map {
            Candidate(text: $0, help: "", line: name + " " + $0)
        }
        self.line = Self.commonPrefix(of: candidates.map(\.line))
        soughtFile = definition?.takesFile == true && !isKnown ? typed : nil
    }

    private static func commonPrefix(of words: [String]) -> String? {
        words.dropFirst().reduce(words.first) { prefix, word in
            prefix.map { String(zip($0, word).prefix { $0 == $1 }.map(\.0)) }
        }
    }
}

import ArgumentParser
import Files

/// A word in the place of a command that is none. Each case prints one sentence.
///
/// `latentwalk FILE` explores a file, so the parser takes any word for one; this looks before it does.
enum MistypedCommand: CommandError, Equatable {
    /// What was typed, and the command that it is nearly.
    case near(String, String)
    /// It is near no command, and there is no file of that name.
    case neither(String)
    /// It is near no command, where no file may stand; what there is instead.
    case unknown(String, others: [String])

    var exit: SystemExit {
        switch self {
        case .near, .unknown: .usage
        // As for any other model that is not there.
        case .neither: .noInput
        }
    }

    var description: String {
        switch self {
        case .near(let word, let command): "there is no command “\(word.printable)”: did you mean \(command)?"
        case .neither(let word):
            "“\(word.printable)” is neither a command nor a file: latentwalk --help lists the commands, and a model is named "
                + "by its path"
        case .unknown(let word, let others):
            "there is no command “\(word.printable)”: choose \(others.dropLast().joined(separator: ", ")) or "
                + (others.last ?? "help")
        }
    }

    /// Looks at the words that commands are named by.
    ///
    /// - Parameter arguments: of the program, without its own name.
    static func check(_ arguments: [String]) throws(MistypedCommand) {
        let wantsHelp = arguments.first == "help"
        try check(arguments.dropFirst(wantsHelp ? 1 : 0), of: LatentWalk.self, takesFile: !wantsHelp)
    }

    private static func check(
        _ words: ArraySlice<String>, of parent: any ParsableCommand.Type, named names: [String] = [], takesFile: Bool
    ) throws(MistypedCommand) {
        let commands = parent.configuration.subcommands
        guard !commands.isEmpty, let word = words.first, !word.hasPrefix("-") else { return }
        if let command = commands.first(where: { $0.configuration.commandName == word }) {
            return try check(words.dropFirst(), of: command, named: names + [word], takesFile: false)
        }
        // A name with a point or a slash is a file's, even where that is not there.
        let isFile = word.contains { "./~".contains($0) } || GrowingFile.identity(of: word) != nil
        if takesFile, isFile || Installation.ships(word) { return }
        let known = commands.compactMap { $0.configuration.commandName }
        func whole(_ name: String) -> String { (names + [name]).joined(separator: " ") }
        if let near = known.nearest(to: word) { throw .near(whole(word), whole(near)) }
        guard !takesFile else { throw .neither(word) }
        throw .unknown(whole(word), others: known)
    }
}

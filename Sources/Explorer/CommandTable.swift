import Cells
import Latent
import Pictures
import Shading

/// What can be typed after `:`.
enum Command: Hashable {
    case goTo(Destination)
    case walkEnd(WalkSide, WalkPlace)
    case open(String)
    case data(String)
    case export(String, scale: Int?)
    case shading(ShadingMode?)
    case palette(Palette)
    case plane(PlaneBackground)
    case background(TerminalBackground?)
    case terminal
    case step(Float)
    case range(ClosedRange<Float>?)
    case unmark(Character)
    case direction(DirectionCommand)
    case apply(String?, steps: Float)
    case forget(String)
    case confirm
    case slider(Int)
    case help
    case quit
}

/// One line of the command table: what reads a command is what the help and the completion show.
struct CommandDefinition: Sendable {
    let name: String
    let aliases: [String]
    /// What follows the name, as it is shown.
    let arguments: String
    let help: String
    /// Words that complete the argument.
    let choices: [String]
    /// Whether the argument is a file's name.
    let takesFile: Bool
    /// Reads what follows the name, without blanks at its ends.
    let read: @Sendable (_ rest: String, _ latentCount: Int) -> Result<Command, Sentence>

    init(
        _ name: String, aliases: [String] = [], _ arguments: String, _ help: String, choices: [String] = [],
        takesFile: Bool = false,
        read: @escaping @Sendable (_ rest: String, _ latentCount: Int) -> Result<Command, Sentence>
    ) {
        self.name = name
        self.aliases = aliases
        self.arguments = arguments
        self.help = help
        self.choices = choices
        self.takesFile = takesFile
        self.read = read
    }

    var usage: String { arguments.isEmpty ? ":\(name)" : ":\(name) \(arguments)" }
}

enum CommandTable {
    static let definitions: [CommandDefinition] = [
        CommandDefinition("goto", "PLACE", "point, mark or #18") { rest, latents in
            Destination.parse(rest, latentCount: latents).map(Command.goTo)
        },
        walkEnd("from", "walk from #18, a 3", .start),
        walkEnd("to", "walk to #61, an 8", .end),
        CommandDefinition("open", "FILE", "another model", takesFile: true) { rest, _ in
            fileName(rest, "Say which model: :open FILE.").map(Command.open)
        },
        CommandDefinition("data", "NAME", "another data set", takesFile: true) { rest, _ in
            fileName(rest, "Say which data set: :data mnist, or a folder.").map(Command.data)
        },
        CommandDefinition("export", "FILE [4x]", "write what is seen", takesFile: true) { rest, _ in
            fileName(rest, "Say where to: :export FILE.png.").flatMap(exportPath)
        },
        CommandDefinition("range", "LO HI", "extent of the plane") { rest, _ in range(rest) },
        CommandDefinition("step", "SIZE", "length of a step") { rest, _ in
            guard let size = Float(rest), size.isFinite, size >= 1e-6, size <= 1e6 else {
                return .failure(Sentence("A step is a number above zero: :step 0.15."))
            }
            return .success(.step(size))
        },
        CommandDefinition("unmark", "A", "remove a mark") { rest, _ in
            guard rest.count == 1, let letter = rest.first, letter.isASCII, letter.isLetter else {
                return .failure(Sentence("Say which mark: :unmark A."))
            }
            return .success(.unmark(Character(letter.uppercased())))
        },
        CommandDefinition("slider", "N", "choose a latent") { rest, _ in
            Int(rest).map { .success(.slider($0)) }
                ?? .failure(Sentence("Say which latent, by its number: :slider 42."))
        },
        CommandDefinition("direction", "9 7", "classes, marks, NAME") { rest, _ in
            DirectionCommand.parse(rest).map(Command.direction)
        },
        CommandDefinition("apply", "NAME STEPS", "along a direction") { rest, _ in apply(rest) },
        CommandDefinition("forget", "NAME", "a kept direction") { rest, _ in
            rest.isEmpty ? .failure(Sentence("Say which direction: :forget NAME.")) : .success(.forget(rest))
        },
        CommandDefinition(
            "plane", "NAME", "what the plane shows", choices: PlaneBackground.allCases.map(\.rawValue)
        ) { rest, _ in choice(rest, of: "plane", PlaneBackground.init(rawValue:)).map(Command.plane) },
        CommandDefinition(
            "background", "NAME", "dark, light or auto",
            choices: TerminalBackground.allCases.map(\.rawValue) + ["auto"]
        ) { rest, _ in background(rest) },
        CommandDefinition("terminal", "", "what was found out") { _, _ in .success(.terminal) },
        CommandDefinition(
            "shading", "NAME", "how pictures look",
            choices: ["auto"] + ShadingMode.allCases.map(\.rawValue)
        ) { rest, _ in
            rest == "auto"
                ? .success(.shading(nil))
                : choice(rest, of: "shading", ShadingMode.init(rawValue:)).map(Command.shading)
        },
        CommandDefinition(
            "colors", aliases: ["palette"], "NAME", "color map",
            choices: Palette.allCases.map(\.rawValue)
        ) { rest, _ in choice(rest, of: "colors", Palette.init(rawValue:)).map(Command.palette) },
        CommandDefinition("confirm", "", "the guess is right") { _, _ in .success(.confirm) },
        CommandDefinition("help", "", "keys and commands") { _, _ in .success(.help) },
        CommandDefinition("quit", aliases: ["q"], "", "leave") { _, _ in .success(.quit) },
    ]

    private static func walkEnd(_ name: String, _ help: String, _ side: WalkSide) -> CommandDefinition {
        CommandDefinition(name, "PLACE", help) { rest, latents in
            WalkPlace.parse(rest, latentCount: latents).map { .walkEnd(side, $0) }
        }
    }

    static func definition(named name: String) -> CommandDefinition? {
        definitions.first { $0.name == name || $0.aliases.contains(name) }
    }

    /// Reads a line typed after `:`; nil where nothing was typed.
    static func parse(_ line: String, latentCount: Int) -> Result<Command, Sentence>? {
        let line = trimmed(line)
        guard !line.isEmpty else { return nil }
        let name = String(line.prefix { $0 != " " })
        guard let definition = definition(named: name) else {
            return .failure(Sentence("There is no command “\(cellText(name))”: :help lists them all."))
        }
        return definition.read(trimmed(String(line.dropFirst(name.count))), latentCount)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    private static func fileName(_ rest: String, _ missing: String) -> Result<String, Sentence> {
        let name = fileName(rest)
        return name.isEmpty ? .failure(Sentence(missing)) : .success(name)
    }

    /// A file's name as typed, blanks within it too: without blanks around it, and without quotes, which people type out of
    /// habit around names with blanks.
    static func fileName(_ typed: String) -> String {
        let name = trimmed(typed)
        guard name.count > 1, let quote = name.first, "\"'".contains(quote), name.last == quote else { return name }
        return String(name.dropFirst().dropLast())
    }

    /// A file's name, and behind it perhaps how many times a picture is enlarged: `digit.png 4x`.
    private static func exportPath(_ typed: String) -> Result<Command, Sentence> {
        var (path, scale) = (typed, Int?.none)
        if let blank = typed.lastIndex(of: " "), let last = typed[blank...].last, "x×".contains(last),
            let factor = Int(typed[typed.index(after: blank)...].dropLast()), (1...64).contains(factor)
        {
            (path, scale) = (fileName(String(typed[..<blank])), factor)
        }
        let isKnown = ExportFormat(path: path) != nil || ScreenFormat(path: path) != nil
        return isKnown ? .success(.export(path, scale: scale)) : .failure(ExportFormat.unknown)
    }

    private static func range(_ rest: String) -> Result<Command, Sentence> {
        let words = rest.replacing(",", with: " ").replacing("−", with: "-").split(separator: " ")
        if words.isEmpty { return .success(.range(nil)) }
        let ends = words.compactMap { Float($0) }
        guard ends.count == 2, words.count == 2, ends.allSatisfy({ abs($0) <= 1e6 }), ends[1] - ends[0] >= 1e-5 else {
            return .failure(Sentence("A range has two ends, the lower one first: :range -3 3."))
        }
        return .success(.range(ends[0]...ends[1]))
    }

    private static func apply(_ rest: String) -> Result<Command, Sentence> {
        let words = rest.replacing("−", with: "-").split(separator: " ").map(String.init)
        guard let last = words.last, words.count <= 2, let steps = Float(last), abs(steps) <= 1e4 else {
            return .failure(Sentence("Say how far: :apply NAME 5, or :apply 5 along the present direction."))
        }
        return .success(.apply(words.count == 2 ? words[0] : nil, steps: steps))
    }

    private static func background(_ rest: String) -> Result<Command, Sentence> {
        if rest == "auto" { return .success(.background(nil)) }
        if let background = TerminalBackground(rawValue: rest) { return .success(.background(background)) }
        let hint = PlaneBackground(rawValue: rest) == nil ? "" : " What the plane shows is :plane \(rest)."
        return .failure(Sentence(":background is the terminal's own: dark, light or auto.\(hint)"))
    }

    private static func choice<Value: CaseIterable & RawRepresentable<String>>(
        _ rest: String, of name: String, _ make: (String) -> Value?
    ) -> Result<Value, Sentence> {
        if let value = make(rest) { return .success(value) }
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return .failure(Sentence(":\(name) takes one of \(names)."))
    }
}

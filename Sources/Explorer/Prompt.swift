import Cells

/// A line being typed at the bottom of the screen.
struct Prompt: Hashable, Sendable {
    /// What a line is typed for. A view that asks for something of its own says what, in its own file.
    struct Purpose: Sendable {
        /// What tells it from others.
        let name: String
        /// What stands before the text.
        let sign: String
        /// What can be typed, while nothing is.
        let example: @Sendable (Shared) -> String
        /// What is done with the line.
        let enter: @Sendable (String, inout State) -> [Effect]

        /// A line for the state as a whole.
        init(
            name: String, sign: String, example: @escaping @Sendable (Shared) -> String,
            perform enter: @escaping @Sendable (String, inout State) -> [Effect]
        ) {
            self.name = name
            self.sign = sign
            self.example = example
            self.enter = enter
        }

        /// A line for what all views share.
        init(
            name: String, sign: String, example: @escaping @Sendable (Shared) -> String,
            enter: @escaping @Sendable (String, inout Shared) -> [Effect]
        ) {
            self.init(name: name, sign: sign, example: example, perform: { enter($0, &$1.shared) })
        }

        /// A line for the view that is seen, ``View/take(line:typedFor:_:)``.
        init(ofView name: String, sign: String, example: @escaping @Sendable (Shared) -> String) {
            self.init(
                name: name, sign: sign, example: example,
                perform: { line, state in
                    state.take(line: line, typedFor: Self(ofView: name, sign: sign, example: example))
                })
        }
    }

    /// What a key did to the prompt.
    enum Outcome: Hashable {
        case edited
        case cancelled
        case entered(String)
        /// Tab: the state, which knows the words, completes the text.
        case completion
        /// The line before or after in the history.
        case history(Int)
    }

    let purpose: Purpose
    private(set) var text: [Unicode.Scalar] = []
    /// Number of characters before the cursor.
    private(set) var cursor = 0

    /// More than any command needs.
    private static let longest = 1_000

    init(_ purpose: Purpose) { self.purpose = purpose }

    var string: String { String(String.UnicodeScalarView(text)) }

    mutating func replace(with string: String) {
        text = Array(string.unicodeScalars.prefix(Self.longest))
        cursor = text.count
    }

    mutating func apply(_ key: Key) -> Outcome {
        switch key {
        case .character(let scalar):
            guard text.count < Self.longest else { break }
            text.insert(scalar, at: cursor)
            cursor += 1
        case .enter: return .entered(string)
        case .escape, .control("c"), .control("g"): return .cancelled
        case .tab: return .completion
        case .up: return .history(-1)
        case .down: return .history(1)
        case .backspace:
            if text.isEmpty { return .cancelled }
            if cursor > 0 { remove(cursor - 1..<cursor) }
        case .delete, .control("d"): if cursor < text.count { text.remove(at: cursor) }
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(text.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = text.count
        case .control("u"): remove(0..<cursor)
        case .control("k"): text.removeSubrange(cursor...)
        case .control("w"): remove(wordStart..<cursor)
        default: break
        }
        return .edited
    }

    private mutating func remove(_ range: Range<Int>) {
        text.removeSubrange(range)
        cursor = range.lowerBound
    }

    private var wordStart: Int {
        var start = cursor
        while start > 0 && text[start - 1] == " " { start -= 1 }
        while start > 0 && text[start - 1] != " " { start -= 1 }
        return start
    }
}

extension Prompt.Purpose: Hashable {
    static func == (one: Self, other: Self) -> Bool { one.name == other.name }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Prompt.Purpose {
    /// `:` and a command.
    static let command = Self(name: "command", sign: ":") { shared in
        "goto 0.4 -1.3, open FILE, data NAME, help " + shared.theme.typography.ellipsis
    } perform: {
        $1.enterCommand($0)
    }

    /// `g`: where to.
    static let destination = Self(name: "destination", sign: "go to: ") { shared in
        Destination.example(latentCount: shared.model.latentCount)
    } enter: {
        $1.enterDestination($0)
    }

    /// A file's name.
    static let export = Self(name: "export", sign: "export to: ") { _ in
        "a file: its suffix says the format"
    } perform: { line, state in
        let name = CommandTable.fileName(line)
        return name.isEmpty ? [] : state.export(to: name)
    }
}

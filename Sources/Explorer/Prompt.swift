import Cells

/// A line being typed at the bottom of the screen.
struct Prompt: Hashable, Sendable {
    enum Purpose: Hashable, Sendable {
        /// `:` and a command.
        case command
        /// `g`: where to.
        case destination
        /// Where a walk begins or ends.
        case walkEnd(WalkSide)
        /// A file's name.
        case export
        /// `i`: an image's number.
        case imageNumber
        /// `/`: a class.
        case imageClass
    }

    /// What a key did to the prompt.
    enum Outcome: Hashable {
        case edited
        case cancelled
        case entered(String)
        /// Tab: whoever knows the words completes the text.
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

extension Prompt.Purpose {
    /// What stands before the text.
    var sign: String {
        switch self {
        case .command: ":"
        case .destination: "go to: "
        case .walkEnd(.start): "from: "
        case .walkEnd(.end): "to: "
        case .export: "export to: "
        case .imageNumber: "image: #"
        case .imageClass: "class: "
        }
    }

    /// What can be typed, while nothing is.
    func example(_ state: State) -> String {
        switch self {
        case .command: "goto 0.4 -1.3, open FILE, data NAME, help " + state.theme.typography.ellipsis
        case .destination: Destination.example(latentCount: state.model.latentCount)
        case .walkEnd: WalkPlace.example(latentCount: state.model.latentCount)
        case .export: "a file: its suffix says the format"
        case .imageNumber: "its number, 42"
        case .imageClass:
            "one of " + (state.cloud?.classes ?? []).map { String(State.classMark($0)) }.joined(separator: " ")
                + "; empty for all"
        }
    }
}

import Cells
import Testing

@testable import Explorer

@Suite("The help")
struct HelpTests {
    /// Every view, and the pad.
    private static let places: [(name: String, keys: [Key])] =
        Views.cards.map { ($0.title.lowercased(), [.character(Unicode.Scalar(UInt8(0x30 + $0.digit)))]) }
        + [("draw", [.character("4"), .character("d")])]

    private func session(_ keys: [Key], columns: Int, rows: Int) -> Session {
        var session = Session(
            columns: columns, rows: rows, options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        for key in keys + [.character("?")] { session.press(key) }
        return session
    }

    @Test("No entry touches the one beside it", arguments: [(60, 20), (80, 24), (120, 40)])
    func gaps(columns: Int, rows: Int) {
        for place in Self.places {
            let state = session(place.keys, columns: columns, rows: rows).state
            let lines = HelpContent(state).lines.map { $0.map(\.text).joined() }
            let words = [KeyNote](of: state.view, state.shared).map(\.help) + CommandTable.definitions.map(\.help)
            for words in words {
                #expect(
                    lines.contains { $0.contains(" \(words) ") || $0.hasSuffix(" \(words)") },
                    "\(place.name): \(words)")
            }
        }
    }

    @Test("Keys and words are short enough to be shown whole, those of a training too")
    func lengths() {
        for note in Views.all.flatMap({ $0.notes }) + CommonKeys.bindings.map(\.note) {
            #expect(note.label.unicodeScalars.count <= 10 && note.plainLabel.count <= 10, "\(note.label)")
            #expect(note.help.unicodeScalars.count <= 26, "\(note.help)")
        }
        for command in CommandTable.definitions {
            #expect(max(17, command.usage.count + 1) + command.help.count <= 37, "\(command.usage)")
        }
    }

    @Test("What is longer than its column ends in an ellipsis")
    func cuts() {
        let spans = [Span("abc"), Span("defgh")]
        #expect(spans.cut(to: 8, ellipsis: "…") == spans)
        #expect(spans.cut(to: 6, ellipsis: "…").map(\.text).joined() == "abcde…")
        #expect(spans.cut(to: 6, ellipsis: "..").map(\.text).joined() == "abcd..")
        #expect(spans.cut(to: 3, ellipsis: "…").map(\.text).joined() == "ab…")
    }

    @Test("Of each view it looks as it should")
    func looks() throws {
        for place in Self.places where place.name != "explore" {
            let session = session(place.keys, columns: 80, rows: 24)
            try expect(Screen.canvas(of: session.state), matches: "help-\(place.name)-80x24")
        }
    }
}

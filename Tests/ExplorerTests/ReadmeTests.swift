import Foundation
import Testing

@testable import Explorer

@Suite("README")
struct ReadmeTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "README.md")
    private static let (begin, end) = ("<!-- keys: from the key tables -->\n", "<!-- end of the keys -->")

    /// The tables that bind the keys, as Markdown.
    private static var keys: String {
        func table(_ notes: [KeyNote]) -> String {
            "| key | |\n|---|---|\n" + notes.map { "| `\($0.label)` | \($0.help) |\n" }.joined()
        }
        // What draws is bound only while one draws.
        let images = [
            table(ImagesKeys.browsing.map(\.note)), "While drawing:\n\n" + table(DrawKeys.bindings.map(\.note)),
            "While drawing or not:\n\n" + table(ImagesKeys.shared.map(\.note)),
        ].joined(separator: "\n")
        let views = Views.all.map { view in
            "**\(view.card.digit) \(view.card.title)**\n\n"
                + (view.card == ImagesView.card ? images : table(view.notes))
        }
        return (views + ["**In every view**\n\n" + table(CommonKeys.bindings.map(\.note))]).joined(separator: "\n")
    }

    /// With `LATENTWALK_WRITE_SNAPSHOTS` set, the list is written instead.
    @Test("Its list of keys is that of the tables that bind them")
    func keyList() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin))
        let stop = try #require(text.range(of: Self.end))
        if ProcessInfo.processInfo.environment["LATENTWALK_WRITE_SNAPSHOTS"] != nil {
            try (text[..<start.upperBound] + Self.keys + text[stop.lowerBound...])
                .write(to: Self.file, atomically: true, encoding: .utf8)
            return
        }
        #expect(text[start.upperBound..<stop.lowerBound] == Self.keys)
    }
}

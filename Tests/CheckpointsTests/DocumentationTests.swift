import Foundation
import Importing
import JSON
import Testing
import VAE

@testable import Checkpoints

@Suite("Documentation/checkpoint-format.md")
struct DocumentationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// What stands between ```` ```language ```` and ```` ``` ````.
    private func blocks(_ language: String) throws -> [String] {
        try text("Documentation/checkpoint-format.md").components(separatedBy: "\n```").dropFirst()
            .filter { $0.hasPrefix(language + "\n") }.map { $0.dropFirst(language.count + 1) + "\n" }
    }

    @Test("The page of Python is the script")
    func script() throws {
        #expect(try blocks("python") == [text("Scripts/load_model.py")])
    }

    @Test("The examples are architectures and a provenance that can be read")
    func examples() throws {
        let blocks = try blocks("json")
        try #require(blocks.count == 4)
        #expect(try Architecture(json: JSONValue(parsing: blocks[0])).latentSize == 2)
        #expect(try Architecture(json: JSONValue(parsing: blocks[1])).classCount == 10)
        #expect(try Provenance(json: JSONValue(parsing: blocks[2])).evaluation?.images == 10000)
        #expect(try ModelOrigin(json: JSONValue(parsing: blocks[3])).findings.map(\.certainty).last == .guessed)
    }

    /// With LATENTWALK_WRITE_SNAPSHOTS the table is written instead.
    @Test("The table of layers is what the catalog knows")
    func table() throws {
        let path = Self.root.appending(path: "Documentation/checkpoint-format.md")
        let page = try text("Documentation/checkpoint-format.md")
        let (start, end) = ("| type | values", "The provenance, of which")
        let before = try #require(page.range(of: start) ?? page.range(of: "TABLE"))
        let after = try #require(page.range(of: end))
        let wanted = page[..<before.lowerBound] + LayerTable.text + "\n\n" + page[after.lowerBound...]
        if ProcessInfo.processInfo.environment["LATENTWALK_WRITE_SNAPSHOTS"] != nil {
            try wanted.write(to: path, atomically: true, encoding: .utf8)
        } else {
            #expect(page == wanted)
        }
    }
}

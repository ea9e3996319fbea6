import Foundation
import Testing

@testable import Explorer

@Suite("The explorer's documentation")
struct DocumentationTests {
    @Test("Each command stands in its table, with what follows it")
    func commands() throws {
        let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Documentation/explorer.md")
        let text = try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
        for command in CommandTable.definitions {
            #expect(text.contains("\n| `\(command.usage)` |"), "\(command.usage)")
            for alias in command.aliases { #expect(text.contains("`:\(alias)`"), "\(alias)") }
        }
    }
}

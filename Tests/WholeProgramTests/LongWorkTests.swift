import PseudoTerminal
import Testing

@Suite("Work that may take long")
struct LongWorkTests {
    private func output(_ arguments: [String]) throws -> String {
        let program = try Program(arguments)
        #expect(try program.terminal.waitForExit(within: .seconds(120)) == .code(0))
        return program.terminal.text
    }

    @Test("A geodesic says on a terminal how far it is, and takes that away at the end")
    func geodesic() throws {
        let text = try output([
            "render", "walk", "--path", "geodesic", "--from", "z:-1,0", "--to", "z:1,0.5", "--frames", "3", "--output",
            "FOLDER/walk.gif",
        ])
        #expect(text.contains("\rgeodesic: 0 %"))
        #expect(text.hasSuffix("\r\u{1B}[K"))
    }

    @Test("Refined posteriors say so too")
    func refined() throws {
        let text = try output([
            "encode", "FOLDER/data", "--inference", "refined", "--split", "train", "--limit", "2", "--resize", "model",
            "--output",
            "FOLDER/codes.csv",
        ])
        #expect(text.contains("refined posteriors: 0 %"))
        #expect(text.hasSuffix("\r\u{1B}[K"))
    }
}

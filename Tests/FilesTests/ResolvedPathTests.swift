import Files
import Foundation
import Testing

@Suite("Paths without symbolic links")
struct ResolvedPathTests {
    @Test("A link and a way around lead to the file itself; where there is nothing, there is no path")
    func resolving() throws {
        let folder = Scratch()
        let whole = try #require(resolvedPath(folder.path))
        try AtomicFile.write([1], to: folder / "real")
        try FileManager.default.createSymbolicLink(atPath: folder / "link", withDestinationPath: "real")
        #expect(resolvedPath(folder / "link") == whole + "/real")
        #expect(resolvedPath(folder / "../\(Folder.name(of: whole))/./real") == whole + "/real")
        #expect(resolvedPath(folder / "missing") == nil)
        #expect(resolvedPath(folder / "real\0") == nil)
        #expect(resolvedPath("") == nil)
    }
}

import Files
import Foundation
import Testing

@Suite("Folders")
struct FolderTests {
    private let folder = Scratch()

    @Test("A folder is made with those above it, and one that is there is fine")
    func make() throws {
        try Folder.make(folder / "a/b//c/")
        #expect(Folder.exists(folder / "a/b/c"))
        try Folder.make(folder / "a/b/c")
        try AtomicFile.write([1], to: folder / "a/file")
        let error = #expect(throws: FileError.self) { try Folder.make(folder / "a/file/b") }
        #expect(error?.description.contains("a/file") == true)
        #expect(!Folder.exists(folder / "a/file"))
        #expect(try Folder.names(in: folder / "a") == ["b", "file"])
        #expect(try Folder.names(in: folder / "a", limit: 1).count == 1)
    }

    @Test("Paths are taken apart as the system does")
    func paths() {
        #expect(Folder.parent(of: "/") == nil)
        #expect(Folder.parent(of: "/a/") == "/")
        #expect(Folder.parent(of: "a") == nil)
        #expect(Folder.parent(of: "a/b//") == "a")
        #expect(Folder.name(of: "runs/one/") == "one")
        #expect(Folder.name(of: "/") == "/")
    }

    @Test("What isn't there cannot be listed, and need not be removed")
    func missing() throws {
        #expect(throws: FileError.notFound(path: folder / "none")) { try Folder.names(in: folder / "none") }
        try Folder.remove(file: folder / "none")
        #expect(throws: FileError.self) { try Folder.remove(file: folder.path) }
    }
}

import Platform
import Testing

@testable import Files

@Suite("Folders with all that is in them")
struct FolderTreeTests {
    @Test("A temporary folder is new each time, moves with what is in it, and goes with all of it")
    func tree() throws {
        let (one, other) = (try Folder.makeTemporary(named: "tree"), try Folder.makeTemporary(named: "tree"))
        defer { Folder.removeAll(one) }
        #expect(one != other && Folder.exists(one) && Folder.exists(other))
        try Folder.make("\(one)/run/checkpoints")
        try AtomicFile.write([1, 2, 3], to: "\(one)/run/checkpoints/a")
        try Folder.move("\(one)/run", to: "\(other)/kept")
        #expect(!Folder.hasEntry("\(one)/run"))
        #expect(try Folder.names(in: "\(other)/kept/checkpoints") == ["a"])
        // What a link leads to stays.
        symlink(one, "\(other)/link")
        Folder.removeAll(other)
        #expect(!Folder.hasEntry(other) && Folder.exists(one))
    }

    @Test("A folder that cannot be moved stays where it is")
    func refusal() throws {
        let folder = try Folder.makeTemporary(named: "tree")
        defer { Folder.removeAll(folder) }
        try Folder.make("\(folder)/run")
        #expect(throws: FileError.self) { try Folder.move("\(folder)/run", to: "\(folder)/missing/kept") }
        #expect(Folder.exists("\(folder)/run"))
    }
}

import Files
import Foundation
import SmallDisk
import Testing

@Suite("Files that grow")
struct GrowingFileTests {
    private let folder = Scratch()

    @Test("What is appended is read on, and not more than there is")
    func grows() throws {
        let appended = try AppendedFile(folder / "log")
        #expect(appended.isEmpty)
        let read = try GrowingFile(folder / "log")
        #expect(try read.read(10, at: 0) == [])
        try appended.append([1, 2, 3])
        #expect(try read.read(10, at: 1) == [2, 3])
        try appended.append([4])
        #expect(try read.read(2, at: 2) == [3, 4])
        #expect(try read.size() == 4)
        // Nothing is taken for what isn't there.
        #expect(try read.read(Int.max, at: 4) == [])
        #expect(try read.read(1, at: Int.max) == [])
    }

    @Test("A file that is opened again goes on at its end")
    func goesOn() throws {
        try AppendedFile(folder / "log").append([1])
        let again = try AppendedFile(folder / "log")
        #expect(!again.isEmpty)
        try again.append([2])
        try again.synchronize()
        #expect(FileManager.default.contents(atPath: folder / "log") == Data([1, 2]))
    }

    @Test(
        "A piece that cannot be written whole is taken back, and the next one finds its place",
        .enabled(if: SmallDisk.canBeMade, "needs root, and mount"))
    func takesBack() throws {
        let disk = try #require(SmallDisk(bytes: 8192))
        let file = try AppendedFile(disk / "log")
        try file.append([1, 2, 3])
        let error = #expect(throws: FileError.self) { try file.append(Array(repeating: 4, count: 9000)) }
        #expect(error == .cannotWrite(path: disk / "log", reason: "no space left on device"))
        #expect(FileManager.default.contents(atPath: disk / "log") == Data([1, 2, 3]))
        try file.append([8])
        #expect(FileManager.default.contents(atPath: disk / "log") == Data([1, 2, 3, 8]))
    }

    @Test("A small file is read whole, and a larger one than is wanted not at all")
    func contents() throws {
        try AtomicFile.write([1, 2, 3], to: folder / "a")
        #expect(try GrowingFile.contents(of: folder / "a", atMost: 3) == [1, 2, 3])
        let error = #expect(throws: FileError.self) { try GrowingFile.contents(of: folder / "a", atMost: 2) }
        #expect(error == .cannotRead(path: folder / "a", reason: "it is larger than any such file"))
        #expect(throws: FileError.notFound(path: folder / "b")) {
            try GrowingFile.contents(of: folder / "b", atMost: 3)
        }
    }

    @Test("A file that another one replaced, or that is gone, says so")
    func replaced() throws {
        try AtomicFile.write([1], to: folder / "a")
        let file = try GrowingFile(folder / "a")
        #expect(!file.isReplaced)
        try AtomicFile.write([2], to: folder / "a")
        #expect(file.isReplaced)
        #expect(try file.read(1, at: 0) == [1])
        #expect(GrowingFile.identity(of: folder / "none") == nil)
    }

    @Test("What is no file is refused with a reason")
    func refusals() {
        #expect(throws: FileError.notFound(path: folder / "none")) { try GrowingFile(folder / "none") }
        #expect(throws: FileError.isFolder(path: folder.path)) { try GrowingFile(folder.path) }
        #expect(throws: FileError.notRegular(path: "/dev/null")) { try GrowingFile("/dev/null") }
        #expect(throws: FileError.self) { try AppendedFile(folder / "no/where") }
    }
}

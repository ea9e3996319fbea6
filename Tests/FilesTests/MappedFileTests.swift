import Files
import Foundation
import Testing

@Suite("Mapped files")
struct MappedFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "mapped-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = folder.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path
    }

    @Test("Both ways of reading give the file's bytes")
    func bytes() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try MappedFile(path("bytes", Array(0..<200)))
        #expect(file.size == 200)
        #expect(try file.read(3, at: 197) == [197, 198, 199])
        #expect(try file.withBytes(in: 10..<12) { Array($0) } == [10, 11])
    }

    @Test("An empty file has no bytes, and that is no error")
    func empty() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try MappedFile(path("empty", []))
        #expect(file.size == 0)
        #expect(try file.read(0, at: 0) == [])
        #expect(try file.withBytes(in: 0..<0) { $0.count } == 0)
    }

    @Test("What is no ordinary file, or is not there, is refused by name")
    func refused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: FileError.isFolder(path: folder.path)) { _ = try MappedFile(folder.path) }
        #expect(throws: FileError.notFound(path: "/nowhere/a")) { _ = try MappedFile("/nowhere/a") }
        #expect(throws: FileError.notFound(path: "")) { _ = try MappedFile("") }
        #expect(throws: FileError.notFound(path: "/dev/null\0")) { _ = try MappedFile("/dev/null\0") }
        #expect(throws: FileError.notRegular(path: "/dev/null")) { _ = try MappedFile("/dev/null") }
        let pipe = folder.appending(path: "pipe").path
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: FileError.notRegular(path: pipe)) { _ = try MappedFile(pipe) }
    }

    @Test("A file that shrinks while it is open is refused, not touched")
    func shrinks() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = try path("shrinks", [UInt8](repeating: 1, count: 100_000))
        let file = try MappedFile(path)
        #expect(truncate(path, 10) == 0)
        #expect(throws: FileError.changed(path: path)) { try file.read(100, at: 50_000) }
        #expect(throws: FileError.changed(path: path)) { try file.withBytes(in: 50_000..<50_100) { $0.count } }
    }

    @Test("A name within a folder leads to a file in it, and to no other")
    func inside() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let inner = folder.appending(path: "model/inner")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        _ = try path("secret", [1])
        _ = try path("model/inner/weights", [2, 3])
        func link(_ name: String, to target: String) throws {
            let place = folder.appending(path: "model/\(name)").path
            try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: target)
        }
        try link("near", to: "inner/weights")
        try link("far", to: "../secret")
        try link("up", to: "..")
        let model = folder.appending(path: "model").path
        for name in ["inner/weights", "near"] { #expect(try MappedFile(name, inside: model).size == 2) }
        for name in ["../secret", "far", "up/secret", "/etc/passwd", "inner/../../secret", "", "inner//weights", "a\0"]
        {
            #expect(throws: FileError.outside(path: model + "/" + name)) { _ = try MappedFile(name, inside: model) }
        }
        #expect(throws: FileError.notFound(path: model + "/none")) { _ = try MappedFile("none", inside: model) }
        #expect(throws: FileError.isFolder(path: model + "/inner")) { _ = try MappedFile("inner", inside: model) }
    }

    @Test("A mapping ends with its value, so that many files can be opened one after the other")
    func closes() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = try path("many", [1])
        for _ in 0..<20_000 { _ = try MappedFile(path) }
    }
}

import Files
import Foundation
import Testing

@Suite("Atomic files")
struct AtomicFileTests {
    /// A folder of its own for a test, gone afterwards.
    private func inTemporaryFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func bytes(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map(Array.init) }

    @Test("A file is made, and replaced, with exactly the bytes given, and nothing else is left in the folder")
    func makeAndReplace() throws {
        try inTemporaryFolder { folder in
            let path = folder + "/z.csv"
            try AtomicFile.write([1, 2, 3, 4], to: path)
            #expect(bytes(path) == [1, 2, 3, 4])
            try AtomicFile.write([5], to: path)
            #expect(bytes(path) == [5])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["z.csv"])
        }
    }

    #if os(Linux)
        @Test("A file that is being written has no name yet, so that nothing is left of it if the program ends")
        func nameless() throws {
            try inTemporaryFolder { folder in
                var names: [String]?
                try AtomicFile.write(to: folder + "/a") { (file: borrowing FileWriter) throws(FileError) in
                    try file.write([1, 2])
                    names = try? FileManager.default.contentsOfDirectory(atPath: folder)
                }
                #expect(names == [])
                #expect(bytes(folder + "/a") == [1, 2])
            }
        }
    #endif

    @Test("Whether a file can be made is known before it is, and looking makes none")
    func check() throws {
        try inTemporaryFolder { folder in
            try AtomicFile.check(folder + "/a")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
            try AtomicFile.check("/dev/null")
            #expect(throws: FileError.cannotCreate(path: folder, reason: "it is a folder")) {
                try AtomicFile.check(folder)
            }
            let missing = folder + "/none/a"
            #expect(throws: FileError.cannotCreate(path: missing, reason: "no such file or directory")) {
                try AtomicFile.check(missing)
            }
        }
    }

    @Test("Pieces are written in turn")
    func pieces() throws {
        try inTemporaryFolder { folder in
            try AtomicFile.write(to: folder + "/a") { (file: borrowing FileWriter) throws(FileError) in
                for piece in 0..<100 { try file.write(Array(repeating: UInt8(piece), count: 1000)) }
            }
            #expect(bytes(folder + "/a") == (0..<100_000).map { UInt8($0 / 1000) })
        }
    }

    @Test("A failure leaves the old file as it was and no temporary one")
    func failureLeavesOldFile() throws {
        try inTemporaryFolder { folder in
            let path = folder + "/model"
            try AtomicFile.write([7], to: path)
            let failure = FileError.cannotWrite(path: path, reason: "stopped")
            #expect(throws: failure) {
                try AtomicFile.write(to: path) { (file: borrowing FileWriter) throws(FileError) in
                    try file.write([8, 8])
                    throw failure
                }
            }
            #expect(bytes(path) == [7])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model"])
        }
    }

    @Test("A symbolic link stays one, and the permissions of the file stay too")
    func linkAndPermissions() throws {
        try inTemporaryFolder { folder in
            let manager = FileManager.default
            try AtomicFile.write([1], to: folder + "/real")
            try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/real")
            try manager.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "real")
            try AtomicFile.write([2], to: folder + "/link")
            #expect(try manager.destinationOfSymbolicLink(atPath: folder + "/link") == "real")
            #expect(bytes(folder + "/real") == [2])
            let mode = try manager.attributesOfItem(atPath: folder + "/real")[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("What is no regular file is written directly")
    func device() throws {
        try AtomicFile.write([1, 2], to: "/dev/null")
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test("A folder, a missing folder and an empty name each get their sentence")
    func refusals() throws {
        try inTemporaryFolder { folder in
            #expect(throws: FileError.cannotCreate(path: folder, reason: "it is a folder")) {
                try AtomicFile.write([], to: folder)
            }
            let missing = folder + "/missing/a"
            #expect(throws: FileError.cannotCreate(path: missing, reason: "no such file or directory")) {
                try AtomicFile.write([], to: missing)
            }
            #expect(throws: FileError.self) { try AtomicFile.write([], to: "") }
        }
        #expect(
            FileError.cannotCreate(path: "a\u{1B}[2J", reason: "it is a folder").description
                == "cannot create a[2J: it is a folder")
    }
}

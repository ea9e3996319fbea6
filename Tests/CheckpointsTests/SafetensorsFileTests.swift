import Files
import Foundation
import Importing
import Testing

@testable import Checkpoints

@Suite("safetensors files")
struct SafetensorsFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func problem(_ bytes: some Sequence<UInt8>) throws -> CheckpointProblem? {
        let path = try folder.file("model.safetensors", bytes)
        let error = #expect(throws: CheckpointError.self) { _ = try SafetensorsFile(path) }
        #expect(error?.description.contains("model.safetensors: ") == true)
        return error?.problem
    }

    @Test("A file too short or too long for its header is told")
    func lengths() throws {
        #expect(try problem([]) == .empty)
        #expect(try problem([1, 0, 0]) == .tooShort(bytes: 3))
        #expect(try problem([0, 0, 0, 0, 0, 0, 0, 0]) == .badHeader(.endsEarly))
        #expect(try problem(safetensors("{}").dropLast()) == .headerPastEnd(bytes: 2, fileSize: 9))
        #expect(try problem([0, 0xE1, 0xF5, 5, 0, 0, 0, 0]) == .headerPastEnd(bytes: 100_000_000, fileSize: 8))
        #expect(try problem([1, 0xE1, 0xF5, 5, 0, 0, 0, 0]) == .headerTooLong(bytes: 100_000_001))
        #expect(try problem([UInt8](repeating: 0xFF, count: 8)) == .headerTooLong(bytes: .max))
        #expect(
            try problem([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x7B])
                == .headerTooLong(bytes: UInt64(Int.max)))
    }

    @Test(
        "Files of other kinds are told by their first bytes",
        arguments: [
            ("PK\u{3}\u{4}".utf8 + [0, 0, 8, 8, 0, 0, 0, 0], ForeignFormat.zip),
            ([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20], .pickle),
            ([0x89] + "HDF\r\n\u{1A}\n".utf8 + [0, 0], .hdf5),
            ([8, 7, 0x12, 7] + "pytorch".utf8 + [0x1A, 3], .onnx),
            ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], .compressed), ([0x93] + "NUMPY".utf8 + [1, 0, 0x76], .numPy),
            (
                Array("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n".utf8),
                .largeFilePointer
            ),
            (Array("version https://git.example.org/".utf8), .text),
            (Array("# A model is a café".utf8), .text),
            (Array("# A model\n\nIt is good.\n".utf8), .text), (Array("hello".utf8), .text),
        ] as [([UInt8], ForeignFormat)])
    func otherFormats(bytes: [UInt8], format: ForeignFormat) throws {
        #expect(try problem(bytes) == .otherFormat(format))
    }

    @Test("A header whose length looks like the first bytes of a pickle is still a header")
    func pickleLikeLength() {
        #expect(ForeignFormat(start: [0x80, 2, 0, 0, 0, 0, 0, 0, 0x7B, 0x22]) == nil)
        #expect(ForeignFormat(start: [0x80, 2, 0x7D, 0x71, 0, 0x28, 0x58, 0x0C, 0, 0]) == .pickle)
    }

    @Test("A tar archive, zeros, a picture and what nobody knows get sentences of their own")
    func others() throws {
        let tar = Array("storages".utf8) + [UInt8](repeating: 0, count: 249) + Array("ustar".utf8)
        #expect(ForeignFormat(start: tar) == .tar)
        #expect(ForeignFormat(start: [UInt8](repeating: 0, count: 64)) == .zeros)
        #expect(ForeignFormat(start: [0x89] + Array("PNG\r\n".utf8)) == .picture)
        #expect(try problem([0xD7, 0x31, 0x99, 0xE0, 0xD7, 0x31, 0x99, 0xE0, 0xD7, 0x31]) == .unknownFormat)
    }

    @Test("A pointer of Git LFS is told with the command that fetches the file")
    func largeFilePointer() throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
        #expect(
            try problem(Array(pointer.utf8))?.description
                == "this looks like a Git LFS pointer, which stands for the model and does not hold it; run “git lfs pull” "
                + "where the file lies")
    }

    @Test("A header whose length looks like another format's first bytes is read all the same")
    func notAnotherFormat() throws {
        // 0x0880: the length begins with ONNX's first byte; 0x0280: with that of a pickle.
        for length in [0x120208, 0x0280] {
            let bytes = safetensors("{}" + String(repeating: " ", count: length - 2))
            let file = try SafetensorsFile(folder.file("odd", bytes))
            #expect(file.header.entries.isEmpty)
        }
    }

    @Test("What is not there, a folder, a device and a forbidden file are told")
    func unreadable() throws {
        func error(_ path: String) -> CheckpointError? {
            #expect(throws: CheckpointError.self) { _ = try SafetensorsFile(path) }
        }
        #expect(error(folder.path("none")) == .file(.notFound(path: folder.path("none"))))
        #expect(error(folder.url.path) == .file(.isFolder(path: folder.url.path)))
        #expect(error("/dev/null") == .file(.notRegular(path: "/dev/null")))
        let path = try folder.file("forbidden", [1])
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        // The administrator may read everything.
        if geteuid() != 0 { #expect(error(path) == .file(.cannotRead(path: path, reason: "permission denied"))) }
    }

    @Test("Tensors are found behind a header of any length, also where their numbers are not aligned")
    func unaligned() throws {
        for spaces in 0..<4 {
            let json =
                #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
                + #""b":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#
                + String(repeating: " ", count: spaces)
            let values = withUnsafeBytes(of: (Float(1.5), Float(-2))) { Array($0) }
            let file = try SafetensorsFile(folder.file("unaligned", safetensors(json) + [7] + values))
            let entry = try #require(file.header["b"])
            #expect(try file.tensor(entry).values == [1.5, -2])
            let byte = try #require(file.header["a"])
            #expect(try file.withBytes(of: byte) { Array($0) } == [7])
        }
    }
}

import Foundation
import Testing

@testable import Datasets

@Suite("An IDX file")
struct IDXFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ bytes: [UInt8], rank: Int = 3, limit: Int? = nil) throws -> IDXFile {
        try IDXFile(try folder.write(bytes, to: "file"), rank: rank, limit: limit)
    }

    /// What is wrong with these bytes.
    private func problem(_ bytes: [UInt8], rank: Int = 3) throws -> IDXProblem? {
        do {
            _ = try read(bytes, rank: rank)
            return nil
        } catch DatasetError.malformed(let path, let problem) {
            #expect(path == folder.path + "/file")
            return problem
        }
    }

    @Test("Shape and elements come as they were written, gzipped or not, whatever the file is called")
    func readsBoth() throws {
        let bytes = idxImages(count: 5)
        for written in [bytes, gzip(bytes)] {
            let file = try read(written)
            #expect(file.shape == [5, 2, 3])
            #expect(file.bytes == Array(0..<30))
        }
    }

    @Test("A gzip file of several members is read as one")
    func members() throws {
        let bytes = idxImages(count: 5)
        let file = try read(gzip(Array(bytes[..<7])) + gzip([]) + gzip(Array(bytes[7...])))
        #expect(file.bytes == Array(0..<30))
    }

    @Test("More than zlib's buffer is read whole")
    func large() throws {
        let bytes = idx([100, 100, 100], (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
        #expect(try read(gzip(bytes)).bytes == Array(bytes[16...]))
        #expect(try read(bytes).bytes == Array(bytes[16...]))
    }

    @Test("A limit reads the first entries and keeps the shape", arguments: [0, 2, 5, 9])
    func limit(_ limit: Int) throws {
        let file = try read(gzip(idxImages(count: 5)), limit: limit)
        #expect(file.shape[0] == 5)
        #expect(file.bytes == Array(0..<UInt8(min(limit, 5) * 6)))
    }

    @Test(
        "What is no IDX file is told as such",
        arguments: [[], [0], [0, 0, 8], Array("hello, world".utf8), [0, 0, 8, 9]])
    func notIDX(_ bytes: [UInt8]) throws {
        #expect(try problem(bytes) == .notIDX)
    }

    @Test("Elements other than bytes, and another number of dimensions, are refused")
    func wrongKind() throws {
        #expect(try problem(idx([1, 1, 1], [0, 0, 0, 0], type: 0x0d)) == .elementType(0x0d))
        #expect(try problem(idxLabels(count: 3)) == .rank(found: 1, expected: 3))
        #expect(try problem(idxImages(count: 3), rank: 1) == .rank(found: 3, expected: 1))
    }

    @Test("Empty and monstrous extents are refused before memory is taken")
    func extents() throws {
        #expect(try problem(idx([0, 28, 28], [])) == .emptyExtent([0, 28, 28]))
        #expect(try problem(idx([5, 0, 28], [])) == .emptyExtent([5, 0, 28]))
        let all = Array(repeating: Int(UInt32.max), count: 3)
        #expect(try problem(idx(all, [])) == .tooLarge(all))
        #expect(try problem(gzip(idx([60_000, 65_535, 65_535], []))) == .tooLarge([60_000, 65_535, 65_535]))
        let promise = gzip(idx([60_000, 28, 28], []))
        #expect(try problem(promise) == .impossible([60_000, 28, 28], fileSize: promise.count))
    }

    @Test("A file that is cut off is refused, wherever it is cut")
    func cutOff() throws {
        let bytes = idxImages(count: 5)
        for length in 4..<16 {
            #expect(try problem(Array(bytes[..<length])) == .truncated(expected: 12, found: length - 4))
        }
        for length in 16..<bytes.count {
            #expect(try problem(Array(bytes[..<length])) == .truncated(expected: 30, found: length - 16))
        }
        let packed = gzip(bytes)
        for length in 2..<packed.count {
            #expect(try problem(Array(packed[..<length])) == .truncatedGzip)
        }
    }

    @Test("A file that goes on after its end is refused")
    func goesOn() throws {
        let bytes = idxImages(count: 5)
        #expect(try problem(bytes + [0]) == .trailingBytes(expected: 30))
        #expect(try problem(gzip(bytes + [0])) == .trailingBytes(expected: 30))
        #expect(try problem(gzip(bytes) + gzip([1])) == .trailingBytes(expected: 30))
        #expect(try problem(gzip(bytes) + [0]) == .trailingGarbage)
        #expect(try problem(gzip(bytes) + Array("garbage".utf8)) == .trailingGarbage)
    }

    @Test("A gzip bomb is left as soon as it exceeds its header")
    func bomb() throws {
        // Ten million zeros in ten kilobytes, behind a header that wants six bytes.
        let bomb = gzip(idx([1, 2, 3], [UInt8](repeating: 0, count: 10_000_000)))
        #expect(bomb.count < 11_000)
        #expect(try problem(bomb) == .trailingBytes(expected: 6))
    }

    @Test("A flipped bit in gzip data is found by its checksum at the latest")
    func flipped() throws {
        let packed = gzip(idx([100, 10, 10], (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }))
        for position in stride(from: 12, to: packed.count - 4, by: 37) {
            var damaged = packed
            damaged[position] ^= 0x10
            #expect(throws: DatasetError.self) { try read(damaged) }
        }
    }

    @Test("What is not there, a folder and a named pipe get their own sentence")
    func noFile() throws {
        let missing = folder.path + "/missing"
        #expect(throws: DatasetError.unreadable(path: missing, reason: "no such file or directory")) {
            try IDXFile(missing, rank: 3)
        }
        #expect(throws: DatasetError.malformed(path: folder.path, .notRegularFile)) {
            try IDXFile(folder.path, rank: 3)
        }
        let pipe = folder.path + "/pipe"
        mkfifo(pipe, 0o600)
        #expect(throws: DatasetError.malformed(path: pipe, .notRegularFile)) { try IDXFile(pipe, rank: 3) }
    }

    @Test("A sentence says which file, what is wrong and what to do")
    func sentences() {
        #expect(
            DatasetError.malformed(path: "a\u{1b}[31m/b", .truncated(expected: 30, found: 7)).description
                == "a[31m/b is cut off: 7 of 30 bytes are there, fetch it again")
        #expect(
            DatasetError.malformed(path: "f", .rank(found: 1, expected: 3)).description
                == "f has 1 dimension instead of 3: images are count × height × width")
    }
}

import Foundation
import PseudoTerminal
import Testing

@testable import HDF5Files

@Suite("HDF5 files")
struct HDF5FileTests {
    private func path(_ name: String) throws -> String {
        try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(name)").path
    }

    private func read(_ name: String) throws -> HDF5Tree {
        try HDF5File.read(try path(name), executable: try BuiltProgram.path("hdf5-reader"))
    }

    private func read(bytes: [UInt8]) throws -> HDF5Tree {
        try HDF5File.read(bytes: bytes, executable: try BuiltProgram.path("hdf5-reader"))
    }

    @Test("Numbers of all types become floats, in the file's order of bytes")
    func numbers() throws {
        let tree = try read("kinds.h5")
        for kind in ["f2", "f4", "f8", "i1", "u4", ">f4", ">i8"] {
            let dataset = try #require(tree.datasets["outer/inner/\(kind)"])
            #expect(dataset.shape == [2, 3])
            #expect(dataset.values == [0, 1, 2, 3, 4, 5])
        }
        #expect(tree.datasets["outer/inner/single"]?.shape == [])
        #expect(tree.datasets["outer/inner/single"]?.values == [2.5])
        #expect(tree.datasets["packed"]?.values == [Float](repeating: 1, count: 4096))
        // h5py has a filter that the library has not.
        #expect(tree.unread["lzf"] == "it is packed by a filter that is not there")
        #expect(tree.unread["outer/inner/texts"] == "it does not hold numbers")
        #expect(tree.unread["outer/inner/empty"] == "it is empty")
        #expect(tree.names(in: "outer") == ["inner"])
    }

    @Test("Attributes are texts and numbers, and lists that were cut are joined")
    func attributes() throws {
        let tree = try read("kinds.h5")
        #expect(tree.text("text", of: "") == "Grüße")
        #expect(tree.text("bytes", of: "") == "fixed")
        #expect(tree.texts("texts", of: "") == ["a", "bc"])
        #expect(tree.texts("fixed texts", of: "") == ["one", "three"])
        #expect(tree.texts("names", of: "") == ["a", "b", "c"])
        #expect(tree.texts("nothing", of: "") == [])
        #expect(tree.attribute("number", of: "") == .numbers([7]))
        #expect(tree.texts("missing", of: "") == nil)
    }

    @Test("Links that lead in a circle end, and those into other files are not followed")
    func links() throws {
        let tree = try read("links.h5")
        #expect(tree.groups == ["", "a", "a/b"])
        #expect(tree.datasets.count == 1)
        #expect(tree.datasets.first?.value.values == [1, 2])
    }

    @Test("Numbers in other files are not read")
    func external() throws {
        let tree = try read("external.h5")
        #expect(tree.datasets.isEmpty)
        #expect(tree.unread["raw"] == "its numbers are in another file")
        #expect(tree.unread["virtual"] == "its numbers are in another file")
    }

    @Test(
        "What unpacks to far more than the file holds is refused", arguments: ["bomb.h5", "packed-bomb.h5", "deep.h5"])
    func bombs(_ name: String) throws {
        do {
            _ = try read(name)
            Issue.record("\(name) was read")
        } catch let problem as HDF5Problem {
            guard case .tooMuch = problem else { throw problem }
        }
    }

    @Test("The same file in memory gives the same")
    func memory() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try path("kinds.h5"))))
        #expect(try read(bytes: bytes).datasets.count == (try read("kinds.h5")).datasets.count)
    }

    @Test("A file that is cut anywhere ends in a sentence")
    func truncated() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try path("kinds.h5"))))
        for length in stride(from: 0, to: bytes.count - 1, by: bytes.count / 40) {
            #expect(throws: HDF5Problem.self) { try read(bytes: Array(bytes[..<length])) }
        }
    }

    @Test("A file whose bytes were changed is read or ends in a sentence")
    func mutated() throws {
        var generator = SystemRandomNumberGenerator()
        let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try path("kinds.h5"))))
        for round in 0..<200 {
            var bytes = original
            // Most of what can go wrong stands in the first few kilobytes.
            for _ in 0...round % 8 {
                let place = Int.random(in: 8..<(round.isMultiple(of: 2) ? 4096 : bytes.count), using: &generator)
                bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255)].randomElement() ?? 0
            }
            do {
                _ = try read(bytes: bytes)
            } catch is HDF5Problem {
                continue
            }
        }
    }

    @Test("A program that is not a reader, or is not there, is a sentence too")
    func noReader() throws {
        let path = try path("kinds.h5")
        #expect(throws: HDF5Problem.crashed) { try HDF5File.read(path, executable: "/bin/true") }
        #expect(throws: HDF5Problem.self) { try HDF5File.read(path, executable: "/nowhere") }
        #expect(throws: HDF5Problem.crashed) { try HDF5File.read(path, executable: "/bin/echo") }
    }
}

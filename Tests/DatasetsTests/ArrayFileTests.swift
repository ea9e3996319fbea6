import Foundation
import Pictures
import Testing

@testable import Datasets

@Suite("NumPy's arrays as data")
struct ArrayFileTests {
    private func path(_ name: String) -> String {
        Bundle.module.resourceURL!.appendingPathComponent("Fixtures/arrays/\(name)").path
    }

    private func load(
        _ name: String, _ request: DatasetRequest = DatasetRequest(), notes: ((String) -> Void)? = nil
    ) throws -> Dataset {
        try ArrayFile(path(name)).load(request) { if case .noted(let text) = $0 { notes?(text) } }
    }

    private func bytes(_ dataset: Dataset, _ index: Int) -> [UInt8] {
        dataset.image(index).map { UInt8(($0 * 255).rounded()) }
    }

    @Test("An archive with x_train and x_test is divided, with its labels")
    func divided() throws {
        let source = try ArrayFile(path("divided.npz"))
        #expect(source.splits == [.train, .test])
        #expect(!source.isUndivided)
        let train = try source.load(.train)
        #expect(train.count == 6 && train.shape == ImageShape(channels: 1, height: 4, width: 5))
        #expect((0..<6).map { train.label($0) } == [2, 0, 1, 2, 0, 1])
        #expect(bytes(train, 1) == Array(20..<40))
        #expect(train.title == "divided train")
        let first = try source.load(DatasetRequest(limit: 1))
        #expect(first.split == .test && first.count == 1)
    }

    @Test(
        "Without splits the archive is one set, whose captions name no split",
        arguments: ["packed.npz", "nameless.npz"])
    func undivided(name: String) throws {
        let dataset = try load(name)
        #expect(dataset.count == 6)
        #expect(bytes(dataset, 0) == Array(0..<20))
        #expect(dataset.title == name.dropLast(4))
        #expect(dataset.caption(1) == (name == "packed.npz" ? "image #1 “0”" : "image #1"))
        #expect(throws: DatasetError.undivided(path: path(name))) {
            try ArrayFile(path(name)).load(DatasetRequest(split: .test))
        }
    }

    @Test("Channels may stand last or second")
    func channels() throws {
        let interleaved = try load("interleaved.npy")
        #expect(interleaved.shape == ImageShape(channels: 3, height: 4, width: 5))
        #expect(bytes(interleaved, 0).prefix(3) == [0, 3, 6])
        #expect(bytes(interleaved, 0)[20..<22] == [1, 4])
        let planes = try load("planes.npy")
        #expect(planes.shape == interleaved.shape)
        #expect(bytes(planes, 1) == Array(60..<120))
    }

    @Test(
        "Floats of 0…1 and −1…1, halves and whole numbers are the same images, kept as bytes",
        arguments: ["unit.npy", "half.npy", "signed.npy", "whole.npy"])
    func types(name: String) throws {
        var notes: [String] = []
        let dataset = try load(name) { notes.append($0) }
        for index in 0..<6 { #expect(dataset.image(index) == (0..<20).map { Float(index * 20 + $0) / 255 }) }
        #expect(notes.isEmpty == (name != "signed.npy"))
    }

    @Test("Values between those of bytes stay what they are")
    func between() throws {
        let image = try load("between.npy").image(0)
        #expect(zip(image, (0..<20).map { Float($0) / 1000 }).allSatisfy { abs($0 - $1) < 1e-7 })
    }

    @Test("Zeros and ones are black and white", arguments: ["binary.npy", "booleans.npy"])
    func binary(name: String) throws {
        #expect(try load(name).image(0).prefix(4) == [0, 1, 0, 1])
    }

    @Test("Rows of a square number are square images, and that is said")
    func flat() throws {
        var notes: [String] = []
        let dataset = try load("flat.npy") { notes.append($0) }
        #expect(dataset.shape == ImageShape(channels: 1, height: 4, width: 4))
        #expect(notes.count == 1)
    }

    @Test("Four channels are color with opacity")
    func opacity() throws {
        #expect(try load("four.npy").shape == ImageShape(channels: 4, height: 5, width: 5))
    }

    @Test(
        "What can't be images is refused with a sentence of its own",
        arguments: [
            ("fortran.npy", ArrayProblem.fortranOrder), ("complex.npy", .elementType("<c8")),
            ("records.npy", .header(.structured)), ("ambiguous.npy", .ambiguousChannels([2, 3, 4, 3])),
            ("wide.npy", .range(least: 0, most: 300)),
            ("nan.npy", .notFinite(image: 1)), ("other.npz", .noImages(names: ["a", "b"])),
        ])
    func refused(name: String, problem: ArrayProblem) {
        #expect {
            try load(name)
        } throws: { error in
            guard case .array(_, let found)? = error as? DatasetError else { return false }
            if case .noImages = problem, case .noImages(let names) = found { return names.sorted() == ["a", "b"] }
            return found == problem
        }
    }

    @Test("A file that is cut off, goes on, or promises too much is refused")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path("whole.npy"))))
        func problem(_ bytes: [UInt8], _ name: String) throws -> ArrayProblem? {
            let file = try folder.write(bytes, to: name)
            do throws(DatasetError) {
                _ = try ArrayFile(file).load(DatasetRequest())
                return nil
            } catch {
                guard case .array(_, let problem) = error else { throw error }
                return problem
            }
        }
        #expect(try problem(Array(whole.dropLast()), "a.npy") == .truncated(expected: 960, found: 959))
        #expect(try problem(whole + [0], "b.npy") == .trailingBytes(expected: 960))
        #expect(try problem([], "c.npy") == .header(.notNPY))
        let huge = NPYHeader(descriptor: "|u1", shape: [1 << 40, 1 << 40, 2]).bytes
        #expect(try problem(huge, "d.npy") == .tooLarge([1 << 40, 1 << 40, 2]))
        let missing = NPYHeader(descriptor: "|u1", shape: [1 << 20, 28, 28]).bytes
        #expect(try problem(missing, "e.npy") == .truncated(expected: 784 << 20, found: 0))
        #expect(try problem(gzip(missing), "f.npy.gz") != nil)
        #expect(try problem(Array("no zip".utf8), "g.npz") != nil)
        let archive = Array(try Data(contentsOf: URL(fileURLWithPath: path("packed.npz"))))
        for place in stride(from: 0, to: archive.count, by: 3) {
            var twisted = archive
            twisted[place] ^= 0x5A
            // Any answer will do, but there must be one.
            _ = try? ArrayFile(folder.write(twisted, to: "twisted.npz")).load(DatasetRequest())
        }
    }

    @Test("Labels stand beside a file of images, as whole numbers or rows with a single 1")
    func labels() throws {
        let folder = try TemporaryFolder()
        let images = NPYHeader(descriptor: "|u1", shape: [3, 2, 2]).bytes + Array(0..<12)
        let rows = NPYHeader(descriptor: "|u1", shape: [3, 4]).bytes + [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1]
        let file = try folder.write(images, to: "my-images.npy")
        try folder.write(rows, to: "my-labels.npy")
        let dataset = try ArrayFile(file).load(DatasetRequest())
        #expect((0..<3).map { dataset.label($0) } == [2, 0, 3])
        #expect(dataset.classNames == ["0", "1", "2", "3"])
        try folder.write(NPYHeader(descriptor: "|u1", shape: [2]).bytes + [1, 1], to: "my-labels.npy")
        #expect(throws: DatasetError.self) { try ArrayFile(file).load(DatasetRequest()) }
        try folder.write(NPYHeader(descriptor: "|i1", shape: [3]).bytes + [1, 255, 1], to: "my-labels.npy")
        #expect(throws: DatasetError.array(path: "\(folder.path)/my-labels.npy", .labels(place: 1))) {
            try ArrayFile(file).load(DatasetRequest())
        }
    }

    @Test("A folder of arrays is found by --data, and a file by its suffix")
    func library() throws {
        let folder = try TemporaryFolder()
        let images = NPYHeader(descriptor: "|u1", shape: [3, 2, 2]).bytes + Array(0..<12)
        try folder.write(images, to: "x_train.npy")
        try folder.write(NPYHeader(descriptor: "|u1", shape: [3]).bytes + [0, 1, 0], to: "y_train.npy")
        let library = DatasetLibrary(environment: [:], home: folder.path)
        let dataset = try library.load(folder.path, DatasetRequest(split: .train))
        #expect(dataset.count == 3 && dataset.label(1) == 1)
        #expect(try library.load(path("packed.npz"), DatasetRequest()).count == 6)
        let text = try folder.write([1], to: "notes.txt")
        #expect(throws: DatasetError.unsupported(path: text)) { try library.load(text, DatasetRequest()) }
    }
}

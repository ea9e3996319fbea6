import Files
import Foundation
import Testing

@testable import EventFiles

@Suite("Reading event files")
struct EventFileReaderTests {
    private let folder = Scratch()

    private func all(_ path: String) throws -> [Scalar] {
        let reader = try EventFileReader(path)
        var scalars: [Scalar] = []
        while let more = try reader.scalars(limit: 2) { scalars += more }
        return scalars
    }

    @Test("Curves that torch.utils.tensorboard wrote are read, old style and new", arguments: ["torch", "torch-new"])
    func torch(name: String) throws {
        let scalars = try all(fixture("\(name).tfevents"))
        #expect(scalars.count == 10)
        #expect(scalars[0] == Scalar(tag: "loss/train", value: 200, step: 0, wallTime: 1.7e9))
        #expect(scalars[9] == Scalar(tag: "loss/validation", value: 169, step: 400, wallTime: 1.7e9 + 4))
    }

    @Test("Tensors of one number are scalars, whatever their type; nothing else is")
    func tensors() throws {
        let scalars = try all(fixture("tensors.tfevents"))
        let numbers = Dictionary(uniqueKeysWithValues: scalars.map { ($0.tag, $0.value) })
        #expect(
            numbers.filter { $0.key != "not finite" } == [
                "float32": 1.5, "float64": 0.1, "int32": -7, "int64": 1_099_511_627_776, "float16": -0.25,
                "bfloat16": 3.140625, "beside": 2.5,
            ])
        #expect(numbers["not finite"]?.isNaN == true)
        #expect(scalars.map(\.step) == [1, 2, 3, 4, 5, 6, 9, 10])
    }

    @Test("A file that grows byte by byte gives each event once, as soon as it is whole")
    func grows() throws {
        let bytes = try contents(fixture("torch.tfevents"))
        let expected = try all(fixture("torch.tfevents"))
        let file = try AppendedFile(folder / "log")
        let reader = try EventFileReader(folder / "log")
        var scalars: [Scalar] = []
        for byte in bytes {
            try file.append([byte])
            scalars += try reader.scalars() ?? []
        }
        #expect(scalars == expected)
        #expect(try reader.scalars() == nil)
        #expect(reader.offset == bytes.count)
    }

    @Test("Damage anywhere keeps what comes before, and is told with its place")
    func damage() throws {
        let bytes = try contents(fixture("torch.tfevents"))
        let starts = try recordStarts(fixture("torch.tfevents"))
        let expected = try all(fixture("torch.tfevents"))
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x10
            let path = try folder.write(damaged, "damaged")
            let reader = try EventFileReader(path)
            var scalars: [Scalar] = []
            let start = try #require(starts.last { $0 <= place })
            let error = #expect(throws: EventFileError.self) {
                while let more = try reader.scalars() { scalars += more }
            }
            // A first record that is damaged in its head could be any file's.
            #expect(
                error == .damaged(path: path, offset: start) || start == 0 && error == .notEvents(path: path))
            #expect(scalars == expected.filter { scalar in scalars.contains(scalar) })
            #expect(scalars.count == max(0, try #require(starts.firstIndex(of: start)) - 1))
        }
    }

    @Test("Damage that is mended is read on: some file systems show a file's end late")
    func mended() throws {
        let bytes = try contents(fixture("torch.tfevents"))
        let path = try folder.write(bytes.dropLast(3) + [0, 0, 0], "late")
        let reader = try EventFileReader(path)
        #expect(try reader.scalars()?.count == 9)
        #expect(throws: EventFileError.self) { try reader.scalars() }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.write(contentsOf: Data(bytes))
        #expect(try reader.scalars()?.map(\.step) == [400])
    }

    @Test("Other files are told apart")
    func others() throws {
        let text = try folder.write(Array("step,loss\n1,2\n3,4\n5,6\n".utf8), "text")
        #expect(throws: EventFileError.notEvents(path: text)) { try EventFileReader(text).scalars() }
        // Records of something else.
        let records = try folder.write(RecordFraming.record(around: [10, 3, 1, 2, 3]), "records")
        #expect(throws: EventFileError.notEvents(path: records)) { try EventFileReader(records).scalars() }
        let empty = try folder.write([], "empty")
        #expect(try EventFileReader(empty).scalars() == nil)
        #expect(throws: EventFileError.file(.notFound(path: folder / "none"))) { try EventFileReader(folder / "none") }
    }

    @Test("A record that claims to be endless takes no memory; one too large for scalars is passed over")
    func large() throws {
        let first = try Array(contents(fixture("torch.tfevents")).prefix(recordStarts(fixture("torch.tfevents"))[1]))
        let endless = withUnsafeBytes(of: UInt64.max.littleEndian) { Array($0) }
        let check = withUnsafeBytes(of: CRC32C.masked(endless).littleEndian) { Array($0) }
        let path = try folder.write(first + endless + check, "endless")
        #expect(throws: EventFileError.damaged(path: path, offset: first.count)) {
            let reader = try EventFileReader(path)
            while try reader.scalars(limit: 1) != nil {}
        }
        let graph = [UInt8](repeating: 7, count: EventFileReader.largestRecord + 1)
        let last = RecordFraming.record(
            around: try Scalars.event([("a", 1)], step: 3, wallTime: 0).serializedBytes())
        let mixed = try folder.write(first + RecordFraming.record(around: graph) + last, "graph")
        #expect(try all(mixed) == [Scalar(tag: "a", value: 1, step: 3, wallTime: 0)])
    }

    private func recordStarts(_ path: String) throws -> [Int] {
        let reader = try EventFileReader(path)
        var starts = [0]
        while try reader.next() != nil { starts.append(reader.offset) }
        return starts.dropLast()
    }
}

import Foundation
import Testing

/// Files that are small, or plain to make, and grow when they are read.
@Suite("Bombs")
struct BombTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What is said of bytes that are no model, in bounded time and memory.
    private func reason(_ bytes: some Sequence<UInt8>, kilobytes: Int = 700_000) throws -> String {
        let answer = try open(try folder.file("model", bytes))
        #expect(!answer.isModel && answer.isHarmless, "\(answer.text)")
        #expect(answer.peakKilobytes < kilobytes, "\(answer.peakKilobytes) kB")
        return answer.text
    }

    private func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    @Test("JSON nested a million deep is refused, wherever it stands")
    func deepJSON() throws {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        let objects = Array(String(repeating: #"{"a":"#, count: 200_000).utf8)
        #expect(try reason(deep).contains(": "))
        #expect(try reason(objects).contains(": "))
        for text in [deep, objects] {
            let header = Array(#"{"a":"#.utf8) + text
            #expect(try reason(little(header.count, 8) + header).contains("nested"))
        }
    }

    @Test("A pickle of a million lists in each other, and one of millions of values, end")
    func deepPickle() throws {
        let million = 1_000_000
        let lists =
            [UInt8](repeating: UInt8(ascii: "]"), count: million)
            + [UInt8](repeating: UInt8(ascii: "a"), count: million - 1)
        #expect(try reason([0x80, 2] + lists + [0x2E]).contains("a list of 1"))
        let many = [UInt8](repeating: UInt8(ascii: "}"), count: 5 * million)
        #expect(try reason([0x80, 2] + many + [0x2E]).contains("more than 4000000 values"))
    }

    @Test("Objects that share a large state are not looked at a thousand times")
    func sharedState() throws {
        // A dictionary of 20,000 members, and 20,000 objects that have it as their state.
        var pickle: [UInt8] = [0x80, 2] + Array("}q\u{0}(".utf8)
        for number in 0..<20_000 {
            pickle += Array("X\u{5}\u{0}\u{0}\u{0}".utf8) + Array(String(format: "%05d", number).utf8) + [0x4E]
        }
        pickle += Array("u(".utf8)
        for _ in 0..<20_000 {
            pickle += Array("ca\nB\n)\u{81}".unicodeScalars.map { UInt8($0.value) }) + Array("h\u{0}b".utf8)
        }
        #expect(try reason(pickle + Array("t.".utf8)).contains("far more often"))
    }

    @Test("A chain of a million attributes in TorchScript's code is not followed")
    func longChain() throws {
        let text = String(decoding: try bytes(of: "calls-itself.pt"), as: UTF8.self)
        #expect(text.contains("forward"))
        let chain = "x" + String(repeating: ".a", count: 1_000_000)
        let code =
            "class M(Module):\n  weight : Tensor\n  bias : Tensor\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    return \(chain)\n"
        let archive = try ZipFile(
            copying: "calls-itself.pt", replacing: "vae/code/__torch__.py", with: Array(code.utf8))
        #expect(try reason(archive.bytes).contains(": "))
    }

    @Test("An archive of a hundred thousand entries and one more is refused")
    func manyEntries() throws {
        var archive = ZipFile()
        for number in 0...100_000 { archive.add(String(number), []) }
        #expect(try reason(archive.bytes).contains("100001 entries"))
    }

    @Test("A configuration of a hundred thousand layers is refused")
    func manyLayers() throws {
        let layer = #"{"class_name":"Activation","config":{"activation":"relu"}}"#
        let layers = Array(repeating: layer, count: 100_000).joined(separator: ",")
        let config = #"{"class_name":"Sequential","config":{"name":"m","layers":[\#(layers)]}}"#
        let archive = try ZipFile(copying: "good.keras", replacing: "config.json", with: Array(config.utf8))
        #expect(try reason(archive.bytes).contains("more than"))
    }

    @Test("A state dict of a hundred thousand names ends in a sentence")
    func manyTensors() throws {
        let names = (0..<50_000).map {
            #""layers.\#($0).weight":{"dtype":"F32","shape":[1,1],"data_offsets":[\#(4 * $0),\#(4 * $0 + 4)]}"#
        }
        let header = Array("{\(names.joined(separator: ","))}".utf8)
        #expect(try reason(little(header.count, 8) + header + [UInt8](repeating: 0, count: 200_000)).contains(": "))
    }
}

/// A zip archive of stored entries, with the records that counts beyond 65,535 need (PKWARE's APPNOTE 4.3).
private struct ZipFile {
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    init() {}

    /// The entries of a file beside the tests, one of them with other bytes.
    init(copying name: String, replacing entry: String, with bytes: [UInt8]) throws {
        let whole = try HostileFilesTests.bytes(of: name)
        func little(_ count: Int, at place: Int) -> Int {
            whole[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        var place = 0
        while little(4, at: place) == 0x0403_4B50 {
            let (size, length) = (little(4, at: place + 18), little(2, at: place + 26))
            let start = place + 30 + length + little(2, at: place + 28)
            let title = String(decoding: whole[place + 30..<place + 30 + length], as: UTF8.self)
            add(title, title == entry ? bytes : Array(whole[start..<start + size]))
            place = start + size
        }
    }

    mutating func add(_ name: String, _ bytes: [UInt8]) {
        let checksum = ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        let common =
            little(20, 2) + little(0, 8) + little(Int(checksum), 4) + little(bytes.count, 4) + little(bytes.count, 4)
            + little(name.utf8.count, 2) + little(0, 2)
        directory +=
            Array("PK\u{1}\u{2}".utf8) + little(20, 2) + common + little(0, 10) + little(body.count, 4)
            + Array(name.utf8)
        body += Array("PK\u{3}\u{4}".utf8) + common + Array(name.utf8) + bytes
        count += 1
    }

    var bytes: [UInt8] {
        let (start, size) = (body.count, directory.count)
        let large =
            Array("PK\u{6}\u{6}".utf8) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + little(count, 8)
            + little(count, 8) + little(size, 8) + little(start, 8) + Array("PK\u{6}\u{7}".utf8) + little(0, 4)
            + little(start + size, 8) + little(1, 4)
        let entries = min(count, 0xFFFF)
        return body + directory + (count > 0xFFFF ? large : []) + Array("PK\u{5}\u{6}".utf8) + little(0, 4)
            + little(entries, 2)
            + little(entries, 2) + little(size, 4) + little(start, 4) + little(0, 2)
    }

    private func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}

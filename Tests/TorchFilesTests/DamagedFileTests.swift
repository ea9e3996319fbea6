import Importing
import Neural
import Testing

@testable import TorchFiles

@Suite("Files that are none of PyTorch's, or were")
struct DamagedFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func reason(_ bytes: some Sequence<UInt8>) throws -> String? {
        problem(try folder.file("vae.pth", bytes))?.description
    }

    @Test(
        "Files of other kinds are told by their first bytes",
        arguments: [
            ("", "it is empty: download or copy it again"),
            (
                "version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
                "it is a Git LFS pointer, which stands for the model and does not hold it: run “git lfs pull” where the file lies"
            ),
            ("\n<!DOCTYPE html>", "it is a web page: download the file itself, not the page that shows it"),
            ("BZh9", "it is a compressed file: unpack it first"),
        ])
    func otherKinds(text: String, expected: String) throws {
        #expect(try reason(text.utf8) == expected)
    }

    @Test("A folder, a missing file and a tar archive are told")
    func noFile() throws {
        #expect(problem(folder.url.path)?.reason.contains("is a folder") == true)
        #expect(problem(folder.url.appending(path: "none").path)?.reason.contains("there is no file") == true)
        var tar = [UInt8](repeating: 0, count: 512)
        tar.replaceSubrange(257..<262, with: "ustar".utf8)
        #expect(try reason(tar)?.contains("tar archive, as PyTorch wrote them before 0.1.10") == true)
    }

    @Test("A name that no tensor has is refused, however long it is")
    func longName() throws {
        let name = [UInt8](repeating: 0x61, count: 1000)
        let pickle: [UInt8] = [0x80, 2, 0x7D, 0x58, 0xE8, 3, 0, 0] + name + [0x4B, 1, 0x73, 0x2E]
        #expect(try reason(pickle)?.contains("a name of 1000 bytes") == true)
    }

    @Test("A storage of fewer numbers than none is told")
    func negativeCount() throws {
        var bytes = try Fixture.bytes("state-2-stream.pt")
        let file = try TorchFile.read(Fixture.path("state-2-stream.pt"))
        let values = try #require(file.entries.first?.tensor.values.first)
        let place = try #require(
            bytes.firstRange(of: withUnsafeBytes(of: values.bitPattern.littleEndian) { Array($0) })?.lowerBound)
        bytes.replaceSubrange(place - 8..<place, with: [0xFC] + [UInt8](repeating: 0xFF, count: 7))
        #expect(try reason(bytes)?.contains("would have -4 numbers") == true)
    }

    @Test("What happened to an archive is told")
    func archives() throws {
        let whole = try Fixture.bytes("state-2.pt")
        #expect(try reason(whole.prefix(whole.count / 2))?.contains("its end is missing") == true)
        let converted = whole.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        #expect(try reason(converted)?.contains("its line ends were converted") == true)
        let text = String(decoding: whole, as: UTF8.self).utf8
        #expect(try reason(text)?.contains("it was stored as if it were text") == true)
    }

    @Test("A flipped bit of a weight is found by the archive's checksum")
    func checksum() throws {
        var bytes = try Fixture.bytes("state-2.pt")
        let file = try TorchFile.read(Fixture.path("state-2.pt"))
        let value = try #require(file.entries.first?.tensor.values.first)
        let pattern = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        let place = try #require(bytes.firstRange(of: pattern)?.lowerBound)
        bytes[place] ^= 1
        #expect(try reason(bytes)?.contains("CRC error") == true)
    }

    @Test("A stream cut anywhere is refused", arguments: ["state-2-stream.pt", "module-stream.pt", "plain-2.pkl"])
    func truncated(name: String) throws {
        let whole = try Fixture.bytes(name)
        for length in 0..<whole.count {
            #expect(try reason(whole.prefix(length)) != nil, "\(length) bytes")
        }
    }

    @Test("An archive cut anywhere is refused")
    func truncatedArchive() throws {
        let whole = try Fixture.bytes("unchecked.pt")
        for length in 0..<whole.count { #expect(try reason(whole.prefix(length)) != nil, "\(length) bytes") }
    }

    @Test(
        "Changed bytes give a model or a sentence, and never end the program",
        arguments: [
            "state-2-stream.pt", "views-stream.pt", "checkpoint-stream.pt", "module-stream.pt", "arrays-2.pkl",
            "plain-1.pkl", "unchecked.pt", "views.pt",
        ])
    func mutations(name: String) throws {
        let whole = try Fixture.bytes(name)
        var random = CounterGenerator(seed: 5, purpose: .shuffle)
        for _ in 0..<1000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
                default: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
                }
            }
            if let reason = try reason(bytes) { #expect(!reason.isEmpty) }
        }
    }
}

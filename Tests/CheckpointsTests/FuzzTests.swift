import Foundation
import Neural
import Testing
import VAE

@testable import Checkpoints

@Suite("Damaged files")
struct FuzzTests {
    private let folder: TemporaryFolder
    private let bytes: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        let model = try Fixture.model(provenance: Provenance(dataset: "é\n", settings: ["a": "b"]))
        try Checkpoint.write(model, to: folder.path("whole"))
        bytes = try Array(Data(contentsOf: URL(filePath: folder.path("whole"))))
    }

    /// The error that the bytes give, nil if they are a model.
    private func error(_ bytes: some Sequence<UInt8>) throws -> CheckpointError? {
        let path = try folder.file("damaged", bytes)
        do {
            _ = try NativeModel.read(path)
            return nil
        } catch {
            #expect(!error.description.isEmpty)
            return error
        }
    }

    @Test("Every truncation gives an error")
    func truncations() throws {
        #expect(try error(bytes) == nil)
        for count in 0..<bytes.count {
            #expect(try error(bytes.prefix(count)) != nil, "\(count) of \(bytes.count) bytes")
        }
    }

    @Test("Thousands of changed bytes give an error or a model, never a crash")
    func changedBytes() throws {
        var random = SplitMix(state: 7)
        let headerEnd = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        var models = 0
        for _ in 0..<3000 {
            var changed = bytes
            for _ in 0...random.next(below: 3) {
                let place = random.next(below: headerEnd)
                switch random.next(below: 3) {
                case 0: changed[place] ^= 1 << UInt8(random.next(below: 8))
                case 1: changed[place] = UInt8(random.next(below: 256))
                default: changed[place] = Array("{}[]\",:0123456789-.eE\\ ".utf8)[random.next(below: 23)]
                }
            }
            if try error(changed) == nil { models += 1 }
        }
        // Changes within the text of the provenance, or of spaces, leave a model.
        #expect(models > 0)
        #expect(models < 1500)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): a few lines give the same numbers everywhere.
private struct SplitMix {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(bound))
    }
}

import Foundation

/// A folder that goes with the test.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "archives-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = url.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path
    }
}

/// An entry as the test wants it in the archive, true or not.
struct TestEntry {
    let name: String
    let bytes: [UInt8]
    /// 0 is stored, 8 is deflated.
    var method: UInt16 = 0
    var flags: UInt16 = 0
    /// What the directory says instead of the truth.
    var claimedSize: UInt32?
    var claimedChecksum: UInt32?

    init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }

    init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
}

/// A zip archive: each entry's local header and bytes, the directory, the record that ends it (PKWARE's APPNOTE 4.3).
func zip(_ entries: [TestEntry]) -> [UInt8] {
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in entries {
        let place = UInt32(archive.count)
        let size = entry.claimedSize ?? UInt32(entry.bytes.count)
        let packed = entry.method == 0 ? size : UInt32(entry.bytes.count)
        let common =
            little(20 as UInt16) + little(entry.flags) + little(entry.method) + little(0 as UInt32)
            + little(entry.claimedChecksum ?? checksum(entry.bytes)) + little(packed) + little(size)
            + little(UInt16(entry.name.utf8.count)) + little(0 as UInt16)
        archive += Array("PK\u{3}\u{4}".utf8) + common + Array(entry.name.utf8) + entry.bytes
        directory += Array("PK\u{1}\u{2}".utf8) + little(20 as UInt16) + common
        directory += [UInt8](repeating: 0, count: 10) + little(place) + Array(entry.name.utf8)
    }
    let count = UInt16(truncatingIfNeeded: entries.count)
    return archive + directory + Array("PK\u{5}\u{6}".utf8) + little(0 as UInt32) + little(count) + little(count)
        + little(UInt32(directory.count)) + little(UInt32(archive.count)) + little(0 as UInt16)
}

private func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// CRC-32 as zip has it, bit by bit.
func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
}

import Testing

@testable import Archives

@Suite("Zip archives")
struct ZipArchiveTests {
    private func error(_ entries: TestEntry...) -> ArchiveError? {
        do throws(ArchiveError) {
            let archive = try ZipArchive(bytes: zip(entries), path: "vae.zip")
            for entry in archive.entries { _ = try archive.read(entry) }
            return nil
        } catch {
            return error
        }
    }

    @Test("Entries are listed in order and read, from a file and from memory")
    func reading() throws {
        let bytes = zip([TestEntry("a/config.json", "{}"), TestEntry("a/", ""), TestEntry("empty", "")])
        let folder = try TemporaryFolder()
        for archive in [
            try ZipArchive(path: try folder.file("vae.zip", bytes)), try ZipArchive(bytes: bytes, path: "vae.zip"),
        ] {
            #expect(archive.entries.map(\.name) == ["a/config.json", "empty"])
            #expect(archive.entries.map(\.size) == [2, 0])
            let entry = try #require(archive["a/config.json"])
            #expect(try archive.read(entry) == Array("{}".utf8))
            #expect(try archive.read(try #require(archive["empty"])) == [])
            #expect(archive["other"] == nil)
            #expect(throws: ArchiveError.tooLarge(path: archive.path, name: entry.name, bytes: 2, limit: 1)) {
                _ = try archive.read(entry, limit: 1)
            }
        }
    }

    @Test("Sizes that a file of its length cannot hold are refused before anything is unpacked")
    func implausible() {
        var entry = TestEntry("w", [1, 2, 3])
        entry.claimedSize = 1_000_000
        #expect(error(entry) == .implausibleSize(path: "vae.zip", name: "w"))
        entry.method = 8
        entry.claimedSize = 100 << 20
        #expect(error(entry) == .implausibleSize(path: "vae.zip", name: "w"))
        // Two that share the same bytes take more than there is.
        var half = TestEntry("a", [UInt8](repeating: 0, count: 300))
        half.claimedSize = 400
        var other = TestEntry("b", [])
        other.claimedSize = 400
        #expect(error(half, other) == .implausibleSize(path: "vae.zip", name: "b"))
    }

    @Test("Names that occur twice, encryption and other methods are refused")
    func refused() {
        #expect(error(TestEntry("a", "x"), TestEntry("a", "y")) == .duplicateEntry(path: "vae.zip", name: "a"))
        var entry = TestEntry("a", "x")
        entry.flags = 1
        #expect(error(entry) == .encrypted(path: "vae.zip", name: "a"))
        entry.flags = 0
        entry.method = 12
        #expect(error(entry) == .unknownCompression(path: "vae.zip", name: "a"))
        let long = String(repeating: "n", count: 5000)
        #expect(error(TestEntry(long, "x")) == .implausibleSize(path: "vae.zip", name: String(long.prefix(64))))
    }

    @Test("A wrong checksum is told, unless it is not to be compared")
    func checksums() throws {
        var entry = TestEntry("w", [1, 2, 3])
        entry.claimedChecksum = 5
        guard case .cannotRead(_, "w", _) = error(entry) else { return #expect(Bool(false), "\(error(entry) as Any)") }
        let archive = try ZipArchive(bytes: zip([entry]), path: "vae.zip")
        #expect(try archive.read(archive.entries[0], checked: false) == [1, 2, 3])
        #expect(archive.entries[0].checksum == 5)
    }

    @Test("Damage is told by its traces")
    func damage() throws {
        let bytes = zip([TestEntry("w", (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 7) })])
        func damage(_ bytes: some Sequence<UInt8>) -> ArchiveDamage? {
            do throws(ArchiveError) {
                _ = try ZipArchive(bytes: Array(bytes), path: "vae.zip")
            } catch .damaged(_, let damage) {
                return damage
            } catch {}
            return nil
        }
        #expect(damage(bytes.prefix(2000)) == .truncated)
        #expect(damage(bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }) == .lineEndsConverted)
        #expect(damage(String(decoding: bytes, as: UTF8.self).utf8) == .decodedAsText)
        #expect(throws: ArchiveError.notZip(path: "x")) { _ = try ZipArchive(bytes: [1, 2, 3], path: "x") }
        #expect(throws: ArchiveError.notZip(path: "x")) { _ = try ZipArchive(bytes: [], path: "x") }
    }

    @Test("Each error is a sentence with the path")
    func sentences() {
        let errors: [ArchiveError] = [
            .notZip(path: "p"), .damaged(path: "p", .truncated), .damaged(path: "p", .lineEndsConverted),
            .damaged(path: "p", .decodedAsText), .damaged(path: "p", .other("x")), .tooManyEntries(path: "p", 1),
            .duplicateEntry(path: "p", name: "n"), .implausibleSize(path: "p", name: "n"),
            .encrypted(path: "p", name: "n"), .unknownCompression(path: "p", name: "n"),
            .tooLarge(path: "p", name: "n", bytes: 2, limit: 1), .cannotRead(path: "p", name: "n", reason: "r"),
            .file(.notFound(path: "p")),
        ]
        for error in errors {
            #expect(error.description.contains("p"))
            #expect(!error.reason.isEmpty)
        }
    }

    @Test("An archive cut anywhere is refused")
    func truncated() {
        let bytes = zip([TestEntry("a", "xyz"), TestEntry("b", "uvw")])
        for length in 0..<bytes.count {
            #expect(throws: ArchiveError.self) { _ = try ZipArchive(bytes: Array(bytes.prefix(length)), path: "x") }
        }
    }
}

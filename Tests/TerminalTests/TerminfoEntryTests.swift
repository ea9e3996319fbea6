import Cells
import Foundation
import Testing

@testable import Terminal

@Suite("Terminfo entry")
struct TerminfoEntryTests {
    @Test("The header counts what follows it, and 32-bit numbers are in their place")
    func layout() {
        var entry = TerminfoEntry(names: ["a", "b"])
        entry.booleans = [.automaticMargins]
        entry.numbers = [.columns: 80, .maximumColors: 0x1000000]
        entry.strings = [.bell: "\u{07}", .clearScreen: "X"]
        let bytes = entry.compiled
        func short(_ index: Int) -> Int { Int(bytes[2 * index]) | Int(bytes[2 * index + 1]) << 8 }
        // Magic, names, booleans, numbers, strings, bytes of strings.
        #expect((0..<6).map(short) == [0o1036, 4, 2, 14, 6, 4])
        #expect(Array(bytes[12..<16]) == Array("a|b\0".utf8))
        #expect(Array(bytes[16..<18]) == [0, 1])
        #expect(Array(bytes[18..<22]) == [80, 0, 0, 0])
        #expect(Array(bytes[22..<26]) == [255, 255, 255, 255])
        #expect(Array(bytes[18 + 52..<18 + 56]) == [0, 0, 0, 1])
        let offsets = bytes[(18 + 56)...].prefix(12)
        #expect(Array(offsets) == [255, 255, 0, 0, 255, 255, 255, 255, 255, 255, 2, 0])
        #expect(Array(bytes.suffix(4)) == [7, 0, UInt8(ascii: "X"), 0])
    }

    private static let infocmp = ["/usr/bin/infocmp", "/opt/homebrew/opt/ncurses/bin/infocmp"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(
        "infocmp reads back what was meant", .enabled(if: infocmp != nil),
        arguments: [
            (ColorDepth.direct, ["RGB", "colors#0x1000000", "pairs#0x10000", "setaf=\\E[38;2;%p1%{65536}%/%d;"]),
            (.palette256, ["colors#0x100", "pairs#0x10000", "38;5;%p1%d"]),
            (.palette16, ["colors#16", "pairs#0x100", "%{82}%+"]),
            (.palette8, ["colors#8", "pairs#64", "setab=\\E[4%p1%dm"]),
        ])
    func roundTrip(depth: ColorDepth, expected: [String]) throws {
        let text = try listing(PrivateEntry.make(depth))
        for part in expected + [
            "smcup=\\E[?1049h", "cup=\\E[%i%p1%d;%p2%dH", "am,", "xenl,", "cols#80", "rmkx=\\E[?1l\\E>",
        ] {
            #expect(text.contains(part), "\(part) is not in \(text)")
        }
        #expect(!text.contains("bce") && !text.contains("oc="))
    }

    /// Puts the entry into a folder as the database has it, and has infocmp list it.
    private func listing(_ entry: TerminfoEntry) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("terminfo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for letter in ["l", "6c"] {
            let place = folder.appendingPathComponent(letter)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try Data(entry.compiled).write(to: place.appendingPathComponent(entry.names[0]))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.infocmp))
        process.arguments = ["-A", folder.path, "-x", "-1", entry.names[0]]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    @Test("Pauses that terminals of old need are taken out of what is sent raw")
    func padding() {
        #expect(
            TerminalDescription.withoutPadding(Array("\u{1B}[m\u{0F}$<2>x$<50/>".utf8)) == Array("\u{1B}[m\u{0F}x".utf8)
        )
        #expect(TerminalDescription.withoutPadding(Array("a$<b".utf8)) == Array("a$<b".utf8))
    }
}

import Foundation
import PseudoTerminal
import Testing

/// A file beside the tests.
func fixture(_ name: String) throws -> String {
    try #require(Bundle.module.resourceURL).appending(path: "Fixtures/files/\(name)").path
}

func bytes(of name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: try fixture(name)))) }

/// A folder that goes with the test.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "hostile-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        try Data(bytes).write(to: URL(filePath: path(name)))
        return path(name)
    }

    /// A copy of a file beside the tests, under another name.
    func copy(_ name: String, as other: String) throws -> String {
        try FileManager.default.copyItem(atPath: try fixture(name), toPath: path(other))
        return path(other)
    }

    /// A file of so many bytes that takes no room: zeros behind a beginning.
    func sparse(_ name: String, _ start: some Sequence<UInt8>, size: UInt64) throws -> String {
        let file = try FileHandle(forWritingTo: URL(filePath: try self.file(name, start)))
        try file.truncate(atOffset: size)
        try file.close()
        return path(name)
    }
}

/// What became of a file in a process of its own.
struct Answer {
    let milliseconds: Int
    /// Of the process so far.
    let peakKilobytes: Int
    let isModel: Bool
    let text: String

    /// - Parameter line: of `model-opener`.
    fileprivate init?(_ line: Substring) {
        let parts = line.split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let milliseconds = Int(parts[0]), let peak = Int(parts[1]) else { return nil }
        self.milliseconds = milliseconds
        peakKilobytes = peak
        isModel = parts[2] == "model"
        text = String(parts[3])
    }

    /// Whether the sentence is one line that a terminal can be shown.
    var isHarmless: Bool {
        !text.isEmpty && text.count < 1200
            && text.unicodeScalars.allSatisfy {
                ![.control, .format, .lineSeparator].contains($0.properties.generalCategory)
            }
    }
}

/// Opens files in one process.
///
/// - Parameter target: `path`, or the reader's that the files' bytes are for.
/// - Returns: an answer for each; fewer where the process died.
func open(_ paths: [String], target: String = "path", deadline: TimeInterval = 300) throws -> [Answer] {
    let process = Process()
    process.executableURL = URL(filePath: try BuiltProgram.path("model-opener"))
    process.arguments = [target] + paths
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let answers = output.split(separator: "\n").compactMap { Answer($0) }
    let died = paths.indices.contains(answers.count) ? paths[answers.count] : "the end"
    #expect(process.terminationReason == .exit && process.terminationStatus == 0, "ended at \(died)")
    #expect(answers.count == paths.count)
    return answers
}

/// The one answer for one file.
func open(_ path: String) throws -> Answer { try #require(try open([path]).first) }

import EventFiles
import Foundation
import Testing

@Suite("Writing event files")
struct EventFileWriterTests {
    private let folder = Scratch()

    private func all(_ path: String) throws -> [Scalar] {
        let reader = try EventFileReader(path)
        var scalars: [Scalar] = []
        while let more = try reader.scalars() { scalars += more }
        return scalars
    }

    private func writer(steps: Int, process: Int = 1) throws -> EventFileWriter {
        let writer = try EventFileWriter(folder: folder.path, wallTime: 1_700_000_000.5, process: process)
        for step in 1...steps {
            try writer.append(
                [("train/kl", 0.5 * Double(step)), ("beta", 1)], step: step, wallTime: 1.7e9 + Double(step))
        }
        return writer
    }

    @Test("What is written is read")
    func roundTrip() throws {
        let writer = try writer(steps: 3)
        try writer.synchronize()
        let scalars = try all(writer.path)
        #expect(scalars.map(\.tag) == ["train/kl", "beta", "train/kl", "beta", "train/kl", "beta"])
        #expect(scalars[2] == Scalar(tag: "train/kl", value: 1, step: 2, wallTime: 1.7e9 + 2))
        #expect(writer.path.contains("/events.out.tfevents.1700000000."))
    }

    @Test("Events after a step are dropped; what is whole stays byte for byte")
    func truncation() throws {
        let path = try writer(steps: 5).path
        let whole = contents(path)
        try EventFileTruncation.drop(after: 5, in: path)
        #expect(contents(path) == whole)
        try EventFileTruncation.drop(after: 3, in: path)
        #expect(try all(path).map(\.step) == [1, 1, 2, 2, 3, 3])
        #expect(whole.starts(with: contents(path)))
        // A record that was cut off goes, too.
        try Data(contents(path).dropLast(2)).write(to: URL(fileURLWithPath: path))
        try EventFileTruncation.drop(after: 3, in: path)
        #expect(try all(path).map(\.step) == [1, 1, 2, 2])
        #expect(whole.starts(with: contents(path)))
        try EventFileTruncation.drop(after: 0, in: path)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A file of another kind is left as it is")
    func truncationKeepsOthers() throws {
        let path = try folder.write([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], "not-events")
        #expect(throws: EventFileError.notEvents(path: path)) { try EventFileTruncation.drop(after: 1, in: path) }
        #expect(contents(path).count == 13)
    }

    @Test("TensorBoard reads what is written", .enabled(if: TensorBoard.isThere, "\(TensorBoard.advice)"))
    func tensorBoard() throws {
        let writer = try writer(steps: 4)
        try writer.synchronize()
        // A second start of the run, as after a kill: TensorBoard reads the files in the order of their names.
        let later = try EventFileWriter(folder: folder.path, wallTime: 1_700_000_100, process: 2)
        try later.append([("train/kl", 2.5)], step: 5, wallTime: 1.7e9 + 100)
        let points = try TensorBoard.read(folder.path)
        #expect(points["train/kl"] == [[1, 0.5], [2, 1], [3, 1.5], [4, 2], [5, 2.5]])
        #expect(points["beta"] == [[1, 1], [2, 1], [3, 1], [4, 1]])
        #expect(points.count == 2)
    }
}

/// The `tensorboard` package, in the Python that `LATENTWALK_PYTHON` names, or in `python3`.
private enum TensorBoard {
    static let advice = "needs a Python with tensorboard: name it in LATENTWALK_PYTHON"

    static var isThere: Bool { (try? run("from tensorboard import version")) != nil }

    /// Each tag's steps and values.
    static func read(_ folder: String) throws -> [String: [[Double]]] {
        let script = """
            from json import dumps
            from sys import argv
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(argv[1]).Reload()
            tags = events.Tags()["scalars"]
            print(dumps({tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags}))
            """
        return try JSONDecoder().decode([String: [[Double]]].self, from: run(script, folder))
    }

    private static func run(_ script: String, _ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["LATENTWALK_PYTHON"] ?? "python3"
        process.arguments = [python, "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return data
    }
}

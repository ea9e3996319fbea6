import Foundation
import PseudoTerminal

/// The program itself on a pseudo-terminal, in a folder of its own.
final class Program {
    let folder: URL
    let terminal: PseudoTerminal

    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// - Parameters:
    ///   - command: what is run with the arguments; the program itself, if it is not given.
    ///   - arguments: `FOLDER` in them is this program's own.
    ///   - prepare: puts into that folder what has to be there when the program starts.
    init(
        command: [String]? = nil, _ arguments: [String], columns: Int = 80, rows: Int = 24,
        prepare: (URL) throws -> Void = { _ in }
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("latentwalk-\(UUID().uuidString)")
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Program.writeImages(to: folder.appendingPathComponent("data"))
        try prepare(folder)
        var environment = [
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "XDG_CONFIG_HOME": folder.path,
            "SWIFT_BACKTRACE": "enable=no", "HOME": folder.path,
        ]
        #if !os(Linux)
            environment["LC_ALL"] = "en_US.UTF-8"
        #endif
        terminal = try PseudoTerminal(
            (try command ?? [BuiltProgram.path("latentwalk")])
                + arguments.map { $0.replacingOccurrences(of: "FOLDER", with: folder.path) },
            environment: environment, columns: columns, rows: rows)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A training of a small network on a few images, long or short.
    static func training(
        epochs: Int, _ more: [String] = [], columns: Int = 80, rows: Int = 24
    ) throws -> Program {
        try Program(trainingArguments(epochs: epochs) + more, columns: columns, rows: rows)
    }

    static func trainingArguments(epochs: Int) -> [String] {
        [
            "train", "--data", "FOLDER/data", "--out", "FOLDER/run", "--recipe", "pytorch-example", "--latent-size",
            "2",
            "--batch-size", "8", "--validation", "8", "--threads", "1", "--epochs", "\(epochs)",
        ]
    }

    /// Has the screen painted anew until all of some texts are on it, each of one row.
    ///
    /// What a program writes of itself is only what has changed.
    func wait(forScreenWith texts: String..., within limit: Duration = .seconds(60)) throws {
        let end = ContinuousClock.now.advanced(by: limit)
        var screen = ""
        while ContinuousClock.now < end {
            let start = terminal.output.count
            terminal.type("\u{0C}")
            _ = terminal.readUntilQuiet(for: .milliseconds(200), within: limit)
            screen = Program.withoutSequences(terminal.output[start...])
            if texts.allSatisfy(screen.contains) { return }
        }
        throw PseudoTerminal.Failure(description: "\(texts) did not come; the screen was \(screen.debugDescription)")
    }

    /// The text alone, without the sequences that place and color it.
    private static func withoutSequences(_ output: ArraySlice<UInt8>) -> String {
        String(decoding: output, as: UTF8.self)
            .replacing(/\u{1B}(\[[0-9;:?]*[A-Za-z]|[()][A-Z0-9])/, with: "")
    }

    /// A file's text; empty where there is none.
    func text(of file: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)) ?? ""
    }

    func has(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path)
    }

    /// Waits for a file, without looking at the terminal.
    func wait(forFile file: String, within limit: Duration = .seconds(60)) -> Bool {
        let end = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < end {
            if has(file) { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return false
    }

    /// Waits until a file is gone, without looking at the terminal.
    func wait(forEndOf file: String, within limit: Duration = .seconds(60)) -> Bool {
        let end = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < end {
            if !has(file) { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return false
    }

    /// Forty images in IDX files: squares at different places.
    private static func writeImages(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let count = 40
        func header(_ magic: UInt32, _ extents: [Int]) -> [UInt8] {
            ([magic] + extents.map(UInt32.init)).flatMap { number in
                (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
            }
        }
        let pixels = (0..<count * 784).map { value -> UInt8 in
            let (image, pixel) = (value / 784, value % 784)
            let (left, top) = (4 + image % 8, 4 + image / 8)
            return (left..<left + 10).contains(pixel % 28) && (top..<top + 10).contains(pixel / 28) ? 255 : 0
        }
        try Data(header(0x803, [count, 28, 28]) + pixels).write(
            to: folder.appendingPathComponent("train-images-idx3-ubyte"))
        try Data(header(0x801, [count]) + (0..<count).map { UInt8($0 % 10) })
            .write(to: folder.appendingPathComponent("train-labels-idx1-ubyte"))
    }
}

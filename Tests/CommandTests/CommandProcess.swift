import Foundation
import Pictures
import PseudoTerminal

/// The program as a process, and what it said.
struct CommandProcess {
    let status: Int32
    let output: String
    let errors: String

    /// - Parameters:
    ///   - folder: the one that it runs in, if not the tests' own.
    ///   - environment: beside a locale and the folders; without `LATENTWALK_DATA`.
    init(_ arguments: [String], folder: String? = nil, environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try BuiltProgram.path("latentwalk"))
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.environment = [
            "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "XDG_DATA_DIRS": "/nonexistent",
        ].merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }
}

/// Makes a folder and those above it.
func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}

/// The numbers of a file of float32 that NumPy would read, and its shape.
func readNPY(_ path: String) throws -> (shape: [Int], numbers: [Float]) {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let (start, length) = try NPYHeader.dictionary(preamble: bytes)
    let header = try NPYHeader(dictionary: Array(bytes[start..<start + length]))
    let numbers = stride(from: start + length, to: bytes.count, by: 4).map { place in
        Float(bitPattern: bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
    return (header.shape, numbers)
}

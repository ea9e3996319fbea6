import Foundation
import JSON
import Testing

@testable import Checkpoints

@Suite("Our files in Python")
struct PythonTests {
    /// A Python that has torch and safetensors: `$LATENTWALK_PYTHON`, or the system's.
    private static let python: String? = {
        let python = ProcessInfo.processInfo.environment["LATENTWALK_PYTHON"] ?? "python3"
        let result = try? run(python, ["-c", "import safetensors.torch, torch"])
        return result?.status == 0 ? python : nil
    }()

    private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: Data) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    @Test(
        "PyTorch rebuilds a model that we wrote, and it computes what the model it came from does",
        .enabled(if: python != nil, "needs a Python with torch and safetensors: name it in LATENTWALK_PYTHON"))
    func opensInPython() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("model.safetensors")
        try Checkpoint.write(NativeModel.read(Fixture.path("every-layer.safetensors")), to: path)
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Scripts/check_checkpoint.py").path
        let python = try #require(Self.python)
        let result = try Self.run(python, [script, path, Fixture.path("every-layer.json")])
        #expect(result.status == 0)
        #expect(try JSONValue(parsing: result.output) == .object(["layers": .integer(19), "latent": .integer(3)]))
    }
}

import Checkpoints
import Foundation
import PseudoTerminal
import Runs
import Testing
import VAE

@testable import latentwalk

/// `latentwalk train` as a process of its own, in a folder of its own.
private final class TrainProcess {
    let process = Process()
    private let errors = Pipe()

    init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: try BuiltProgram.path("latentwalk"))
        process.arguments = ["train", "--quiet", "--threads", "1"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// - Returns: whether a signal ended it and which, or its exit code; and what it said.
    func end() -> (reason: Process.TerminationReason, status: Int32, errors: String) {
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationReason, process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    /// Waits until a file is there, or the process ends.
    func wait(for path: String) {
        while process.isRunning, !FileManager.default.fileExists(atPath: path) { usleep(2000) }
    }
}

@Suite("Runs that are killed")
struct KillTests {
    private let scratch: Scratch
    private let data: String

    init() throws {
        scratch = try Scratch()
        data = try scratch.makeImages(600)
        // No test images: what an evaluation costs isn't needed here.
        try FileManager.default.removeItem(atPath: "\(data)/t10k-images-idx3-ubyte")
        let network = """
            {"version": 1, "input": [1, 28, 28], "latent": 2, "likelihood": "bernoulli",
             "encoder": [{"type": "Flatten"}, {"type": "Linear", "in_features": 784, "out_features": 4}],
             "decoder": [{"type": "Linear", "in_features": 2, "out_features": 784},
                         {"type": "Unflatten", "dim": 1, "unflattened_size": [1, 28, 28]}, {"type": "Sigmoid"}]}
            """
        let settings = "{\"epochs\": 3, \"batch-size\": 10, \"validation\": 50, \"average\": 0.99}"
        let recipe = "{\"version\": 1, \"name\": \"tiny\", \"settings\": \(settings), \"architecture\": \(network)}"
        try Data(recipe.utf8).write(to: URL(fileURLWithPath: "\(data)/tiny.json"))
    }

    private var options: [String] { ["--data", data, "--recipe", "\(data)/tiny.json", "--checkpoint-interval", "0"] }

    /// A run that lasts until it is ended.
    private var endless: [String] { options + ["--epochs", "100000"] }

    @Test("Three epochs in one go and in five pieces, killed at random moments, give the same weights, bit for bit")
    func killed() throws {
        let (whole, pieces) = ("\(scratch.path)/whole", "\(scratch.path)/pieces")
        let begun = ContinuousClock.now
        #expect(try TrainProcess(options + ["--out", whole]).end().status == 0)
        let span = begun.duration(to: .now).seconds
        var kills = 0
        for piece in 0..<5 {
            let process = try TrainProcess(
                piece == 0 ? options + ["--out", pieces] : ["--resume", pieces, "--checkpoint-interval", "0"])
            // The last piece goes to the end; how far the others come is chance, and must not matter.
            if piece < 4 {
                process.wait(for: "\(pieces)/config.json")
                usleep(UInt32.random(in: 0..<UInt32(max(1, span * 1e6 / 3))))
                process.send(SIGKILL)
            }
            let end = process.end()
            if end.reason == .uncaughtSignal { kills += 1 }
            #expect(end.reason == .uncaughtSignal ? end.status == SIGKILL : end.status == 0, "\(end.errors)")
            // Chance may have let it come to the end.
            if end.reason == .exit { break }
        }
        #expect(kills > 0)
        #expect(
            FileManager.default.contents(atPath: "\(pieces)/model.safetensors")
                == FileManager.default.contents(atPath: "\(whole)/model.safetensors"))
        let (one, other) = (try state(whole), try state(pieces))
        #expect(one.model.tensors == other.model.tensors)
        #expect(one.training.tensors == other.training.tensors)
        #expect(try steps(whole) == steps(pieces))
    }

    private func state(_ folder: String) throws -> (model: Model, training: Checkpoint.TrainingPart) {
        let file = try SafetensorsFile("\(folder)/last.safetensors")
        return (try Checkpoint.model(of: file), try #require(try Checkpoint.training(of: file)))
    }

    private func steps(_ folder: String) throws -> [Substring] {
        try String(contentsOfFile: "\(folder)/metrics.csv", encoding: .utf8).split(separator: "\n").map {
            $0.prefix { $0 != "," }
        }
    }

    @Test("SIGTERM and SIGINT save, and the process ends by them", arguments: [SIGTERM, SIGINT])
    func signals(number: Int32) throws {
        let run = "\(scratch.path)/run"
        let process = try TrainProcess(endless + ["--out", run])
        process.wait(for: "\(run)/last.safetensors")
        process.send(number)
        let end = process.end()
        #expect(end.reason == .uncaughtSignal && end.status == number, "\(end.errors)")
        let log = try String(contentsOfFile: "\(run)/log.jsonl", encoding: .utf8)
        #expect(log.contains("\"reason\":\"stopped\""))
        #expect(!FileManager.default.fileExists(atPath: "\(run)/lock"))
        _ = try state(run)
    }

    @Test("A run in use is not resumed by a second process, which says who has it")
    func inUse() throws {
        let run = "\(scratch.path)/run"
        let process = try TrainProcess(endless + ["--out", run])
        process.wait(for: "\(run)/last.safetensors")
        let second = try TrainProcess(["--resume", run]).end()
        #expect(second.status == 75)
        #expect(second.errors.contains("is being trained by process \(process.process.processIdentifier) on "))
        process.send(SIGKILL)
        _ = process.end()
        // Its lock went with it, and the data that changed since are noticed.
        _ = try scratch.makeImages(500)
        let third = try TrainProcess(["--resume", run]).end()
        #expect(third.status == 65)
        #expect(third.errors.contains("500 images where it had 600"))
    }

    @Test("A limit on the size of files is an error at the end, not the end of the run")
    func fileSize() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let program = try BuiltProgram.path("latentwalk")
        // In blocks of 512 bytes or of 1024: less than the state has.
        process.arguments = ["-c", "ulimit -f 20; exec \"$0\" train \"$@\"", program] + options
        process.arguments? += ["--out", "\(scratch.path)/run", "--quiet"]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 74, "\(said)")
        #expect(said.contains("file too large; there is no checkpoint yet, the run goes on"))
        #expect(said.split(separator: "\n").last?.contains("the end of the run is not saved, and no model") == true)
    }
}

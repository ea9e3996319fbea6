import Foundation
import PseudoTerminal
import Testing

/// What `Integrations/torch/examples/plain_pytorch.py` left behind, its first two checkpoints left out:
///
///     plain_pytorch.py --out RUN --side 12 --hidden 16 --count 600 --epochs 3 --batch-size 16 --log-every 4
///
/// It logged `loss/train`, `loss/reconstruction` and `loss/kl` each fourth of 102 steps, `loss/val` and `lr` each epoch.
private enum PlainRun {
    static let events = "events.out.tfevents.1795580854.host.1.0"
    static let checkpoint = "epoch-003.safetensors"
    /// Within the record that follows those of step 48.
    static let half = 2000

    static func content(_ file: String) throws -> Data {
        let fixtures = Bundle.module.resourceURL ?? Bundle.module.bundleURL
        return try Data(contentsOf: fixtures.appendingPathComponent("Fixtures/plain_pytorch/\(file)"))
    }

    /// Makes the run's folder, with as much of its events as wanted.
    static func begin(in folder: URL, bytes: Int) throws {
        let run = folder.appendingPathComponent("run")
        try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
        if bytes > 0 { try content(events).prefix(bytes).write(to: run.appendingPathComponent(events)) }
    }

    /// The events grow to their end.
    static func goOn(in folder: URL) throws {
        let file = try FileHandle(forWritingTo: folder.appendingPathComponent("run/\(events)"))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: content(events).dropFirst(half))
    }

    static func save(in folder: URL) throws {
        try content(checkpoint).write(to: folder.appendingPathComponent("run/\(checkpoint)"))
    }
}

@Suite("Watching another program's run on a terminal")
struct WatchProgramTests {
    private static let patience = Duration.seconds(60)

    private func watch(_ more: [String] = [], bytes: Int) throws -> Program {
        try Program(["watch", "FOLDER/run", "--threads", "1"] + more, columns: 120, rows: 40) { folder in
            try PlainRun.begin(in: folder, bytes: bytes)
        }
    }

    private func leave(_ program: Program) throws {
        program.terminal.type("q")
        #expect(try program.terminal.waitForExit(within: Self.patience) == .code(0))
        #expect(program.terminal.modes == program.terminal.initialModes)
    }

    @Test("Curves, weights and numbers come as its files grow, and Explore has those weights")
    func grows() throws {
        let program = try watch(bytes: PlainRun.half)
        try program.wait(
            forScreenWith: "step 48", "train: loss/train", "reconstruction: loss/reconstruction", "KL: loss/kl",
            "no model has been written yet", "waiting for the first weights")
        for view in ["1", "2", "3", "4"] {
            program.terminal.type(view)
            try program.wait(forScreenWith: "no model has been written yet", "5 shows the run")
        }
        program.terminal.type("5")
        try PlainRun.goOn(in: program.folder)
        try program.wait(forScreenWith: "step 102", "validation: loss/val", "best validation 57.57", "lr 5.0e-4")
        try PlainRun.save(in: program.folder)
        try program.wait(forScreenWith: "manifold, epoch-003.safetensors", "no images: --data D")
        program.terminal.type("\r")
        try program.wait(forScreenWith: "run, epoch-003.safetensors", "12×12")
        program.terminal.type("5")
        // Nothing tells the end of another program's run but that nothing comes any more.
        try program.wait(forScreenWith: "nothing new for", "step 102")
        try leave(program)
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: program.folder.path + "/run")).count == 2)
    }

    @Test("A curve comes from the tag that is named; one that is not there is told, with those that are")
    func named() throws {
        let program = try watch(["--train-loss", "loss/kl"], bytes: PlainRun.half)
        try program.wait(forScreenWith: "train: loss/kl", "train 0.5")
        try leave(program)
        let other = try watch(["--train-loss", "train/none"], bytes: PlainRun.half)
        try other.wait(forScreenWith: "there is no curve named train/none", "loss/train, loss/val", "KL: loss/kl")
        try leave(other)
    }

    @Test("A folder with nothing to follow is told in a sentence, and followed as soon as there is something")
    func nothing() throws {
        let program = try watch(bytes: 0)
        try program.wait(forScreenWith: "there is nothing to follow yet: no event file")
        try PlainRun.begin(in: program.folder, bytes: PlainRun.half)
        try program.wait(forScreenWith: "step 48", "KL of each latent: not known yet")
        try leave(program)
    }

    @Test("A folder that is not there yet is waited for, and followed as soon as it is")
    func missing() throws {
        // By a short name, since a long one is cut on the screen.
        let watch = "cd 'FOLDER' && exec '\(try BuiltProgram.path("latentwalk"))' watch run --threads 1"
        let program = try Program(command: ["/bin/sh"], ["-c", watch], columns: 120, rows: 40)
        try program.wait(forScreenWith: "there is no run yet: it is waited for")
        try PlainRun.begin(in: program.folder, bytes: PlainRun.half)
        try program.wait(forScreenWith: "step 48")
        try leave(program)
    }
}

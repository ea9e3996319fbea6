import Checkpoints
import EventFiles
import Files
import Foundation
import ModelFiles
import SmallDisk
import Testing
import Training

@testable import Runs

@Suite("Keeping a run")
struct RunRecorderTests {
    private let scratch = Scratch()

    private func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// The table without what no two processes measure alike.
    private func curves(_ path: String) -> [[Substring]] {
        text("\(path)/metrics.csv").split(separator: "\n").map { line in
            var fields = line.split(separator: ",", omittingEmptySubsequences: false)
            fields.remove(at: 12)
            fields.remove(at: 2)
            return fields
        }
    }

    private func events(_ path: String) throws -> [Scalar] {
        let names = try Folder.names(in: path).filter { $0.contains("tfevents") }
        return try names.flatMap { name in
            let reader = try EventFileReader("\(path)/\(name)")
            var scalars: [Scalar] = []
            while let more = try reader.scalars() { scalars += more }
            return scalars.filter { $0.tag != "images_per_second" }
        }.map { scalar in
            var scalar = scalar
            scalar.wallTime = 0
            return scalar
        }
    }

    @Test("A whole run leaves its configuration, the best model, the state, and curves in both forms")
    func whole() throws {
        let path = scratch / "deep/er/run"
        let run = try TinyRun(path)
        let outcome = try run.train()
        #expect(run.warnings.isEmpty && run.recorder.failure == nil)
        #expect(run.recorder.savedStep == 15)
        let model = try ModelFile.read(run.folder.modelPath)
        #expect(model.provenance.recipe == "tiny" && model.provenance.dataset == "bars")
        #expect(try run.folder.state() == outcome.state)
        // The state's file is a model for all others.
        #expect(try ModelFile.read(run.folder.statePath).tensors == outcome.state.tensors)
        let rows = curves(path)
        #expect(rows.first?.first == "step")
        #expect(rows.count == 1 + 15 + 3)
        #expect(rows.last?[5 + 0] != "" && rows.last?[2] == "")
        let scalars = try events(path)
        #expect(Set(scalars.map(\.tag)).isSuperset(of: ["train/negative_elbo", "validation/kl", "beta", "objective"]))
        #expect(scalars.filter { $0.tag == "train/kl" }.map(\.step) == Array(1...15))
        #expect(scalars.filter { $0.tag == "validation/kl" }.map(\.step) == [5, 10, 15])
    }

    @Test("A run that is killed at any event and goes on ends as one in one go: weights, state, curves, models kept")
    func killedAnywhere() throws {
        let options = RunRecorder.Options(interval: 0, kept: 5)
        let whole = try TinyRun(scratch / "whole", options: options)
        var count = 0
        try whole.train { _ in count += 1 }
        #expect(count > 40)
        for number in stride(from: 0, to: count, by: 1) {
            let path = scratch / "run-\(number)"
            // Two processes at once cannot be; the first one's lock goes with it.
            try {
                let run = try TinyRun(path, options: options)
                var left = number
                #expect(throws: Killed.self) {
                    try run.train { _ in
                        if left == 0 { throw Killed() }
                        left -= 1
                    }
                }
            }()
            // What a process was writing when it ended.
            if number < count - 2 { try scratch.append("7,1,0.", to: "run-\(number)/metrics.csv") }
            let rest = try? TinyRun(path, options: options, resumes: true)
            if let rest { try rest.train() } else { #expect(number >= count - 2) }
            let folder = try rest?.folder ?? RunFolder.open(path)
            #expect(try folder.state() == whole.folder.state())
            #expect(
                FileManager.default.contents(atPath: folder.modelPath)
                    == FileManager.default.contents(atPath: whole.folder.modelPath))
            #expect(curves(path) == curves(whole.folder.path))
            #expect(try events(path) == events(whole.folder.path))
            let kept = try Folder.names(in: folder.keptPath)
            #expect(try kept == Folder.names(in: whole.folder.keptPath))
            for name in kept {
                #expect(
                    FileManager.default.contents(atPath: "\(folder.keptPath)/\(name)")
                        == FileManager.default.contents(atPath: "\(whole.folder.keptPath)/\(name)"))
            }
        }
    }

    @Test("Checkpoints come by time, at the best, when somebody changes the rate or pauses, and at the end")
    func times() throws {
        let run = try TinyRun(scratch / "run", options: .init(interval: 60))
        var reasons: [(Int, CheckpointReason)] = []
        var step = 0
        try run.train { event in
            if case .measured(let measurement) = event {
                step = measurement.step
                if step == 2 { run.seconds = 59 }
                if step == 3 { run.seconds = 61 }
                if step == 7 { run.inbox.post(.scaleLearningRate(0.5)) }
            }
            if case .checkpoint(_, let reason) = event { reasons.append((step, reason)) }
        }
        // Each is asked for after a step, and made after the next one.
        #expect(reasons.filter { $0.1 == .requested }.map(\.0) == [3, 8])
        #expect(reasons.last?.1 == .finished)
        #expect(text(run.folder.logPath).contains("\"event\":\"learning_rate\",\"step\":7,\"factor\":0.5"))
    }

    @Test("A stop without saving leaves the folder as the last checkpoint made it")
    func stopWithoutSaving() throws {
        let run = try TinyRun(scratch / "run", options: .init(interval: 1000))
        try run.train { event in
            if case .measured(let measurement) = event, measurement.step == 7 { run.inbox.post(.stop(saving: false)) }
        }
        #expect(try run.folder.state()?.moments.updates == 5)
    }

    @Test("A stop before the first epoch is done leaves a model, too")
    func earlyStop() throws {
        let run = try TinyRun(scratch / "run")
        let outcome = try run.train { event in
            if case .measured(let measurement) = event, measurement.step == 2 { run.inbox.post(.stop(saving: true)) }
        }
        #expect(try ModelFile.read(run.folder.modelPath).tensors == outcome.state.savedTensors)
        #expect(try run.folder.state() == outcome.state)
    }

    @Test(
        "On a full disk the last good checkpoint stays, the run goes on and says so once, and catches up afterwards",
        .enabled(if: SmallDisk.canBeMade, "needs root, and mount"))
    func fullDisk() throws {
        let disk = try #require(SmallDisk(bytes: 1 << 18))
        let run = try TinyRun(disk / "run", options: .init(interval: 0))
        let path = run.folder.path
        let filler = try AppendedFile(disk / "filler")
        var stepOnDisk: Int?
        try run.train { event in
            guard case .measured(let measurement) = event else { return }
            if measurement.step == 4 {
                // Down to the last byte.
                for size in [4096, 1] {
                    while (try? filler.append(Array(repeating: 0, count: size))) != nil {}
                }
            }
            if measurement.step == 9 { stepOnDisk = try run.folder.state()?.moments.updates }
            if measurement.step == 10 { truncate(disk / "filler", 0) }
        }
        #expect(stepOnDisk.map { $0 <= 4 } == true)
        #expect(run.warnings.count >= 2)
        #expect(run.warnings.first?.contains("no space left on device") == true)
        #expect(run.warnings.last?.contains("can be written again") == true)
        #expect(run.recorder.failure == nil)
        #expect(try run.folder.state()?.moments.updates == 15)
        let whole = try TinyRun(scratch / "whole")
        try whole.train()
        #expect(curves(path) == curves(whole.folder.path))
        #expect(try events(path) == events(whole.folder.path))
    }

    @Test(
        "A disk that stays full, or a folder that cannot be written any more, is a failure at the end",
        .enabled(if: SmallDisk.canBeMade, "needs root, and mount"))
    func readOnly() throws {
        let disk = try #require(SmallDisk(bytes: 1 << 20))
        func train() throws {
            let run = try TinyRun(disk / "run", options: .init(interval: 0))
            try run.train { event in
                guard case .measured(let measurement) = event, measurement.step == 7 else { return }
                try Folder.make(disk / "aside")
                #expect(rename(run.folder.path, disk / "aside/run") == 0)
            }
            #expect(run.recorder.failure != nil)
            #expect(run.recorder.savedStep.map { $0 <= 7 } == true)
        }
        try train()
        #expect(disk.makeReadOnly())
        let error = #expect(throws: RunError.self) { try RunFolder.begin(disk / "other", Tiny.configuration()) }
        #expect(error == .notWritable(folder: disk / "other", reason: "read-only file system"))
        let resumed = #expect(throws: RunError.self) { try RunFolder.open(disk / "aside/run") }
        #expect(resumed == .notWritable(folder: disk / "aside/run", reason: "read-only file system"))
    }
}

import Checkpoints
import EventFiles
import Files
import Foundation
import Neural
import Testing
import VAE

@testable import Runs

@Suite("Following a run")
struct RunFollowerTests {
    private let folder = Scratch()

    /// What a view would show: each update done.
    private struct Seen {
        var curves: [CurveKind: [CurvePoint]] = [:]
        var names: [CurveKind: String] = [:]
        var models: [FollowedModel] = []
        var scale = LossScale.unknown
        var problem: String?
        var position: RunPosition?
        var facts: RunFacts?
        var phases: [FollowedPhase] = []
        var kept: [FollowedCheckpoint] = []

        mutating func apply(_ updates: [RunUpdate]) {
            for update in updates {
                switch update {
                case .facts(let facts): self.facts = facts
                case .curve(let kind, let name):
                    names[kind] = name
                    curves[kind] = []
                case .dropped(let kind, let step): curves[kind]?.removeAll { $0.step >= step }
                case .points(let kind, let points): curves[kind, default: []] += points
                case .position(let position): self.position = position
                case .scale(let scale): self.scale = scale
                case .model(let model): models.append(model)
                case .phase(let phase): phases.append(phase)
                case .kept(let kept): self.kept = kept
                case .problem(let problem): self.problem = problem
                }
            }
        }

        func values(_ kind: CurveKind) -> [Double] { curves[kind]?.map(\.value) ?? [] }
        func steps(_ kind: CurveKind) -> [Double] { curves[kind]?.map(\.step) ?? [] }
    }

    private func poll(_ follower: RunFollower, _ seen: inout Seen) {
        repeat { seen.apply(follower.poll()) } while follower.hasMore
    }

    @Test("A table is followed as it grows, a line that isn't ended yet waits")
    func table() throws {
        try folder.append("step,loss,val_loss,kl\r\n1,200,,1\r\n2,190,195,", to: "log.csv")
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        poll(follower, &seen)
        #expect(seen.values(.trainLoss) == [200])
        #expect(seen.values(.validationLoss) == [])
        try folder.append("2\r\n3,180,185,3\n", to: "log.csv")
        poll(follower, &seen)
        #expect(seen.values(.trainLoss) == [200, 190, 180])
        #expect(seen.steps(.validationLoss) == [2, 3])
        #expect(seen.values(.trainKL) == [1, 2, 3])
        #expect(seen.position == RunPosition(unit: .step, step: 3))
        #expect(follower.poll().isEmpty)
    }

    @Test("What Keras's CSVLogger writes is followed under its usual name, and a log that is no table is not")
    func kerasLog() throws {
        try folder.append("INFO: epoch 1, loss 7\nINFO: epoch 2, loss 6\n", to: "stdout.log")
        try folder.append("epoch,kl_loss,loss,val_loss\n0,1,200,210\n", to: "training.log")
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        poll(follower, &seen)
        try folder.append("1,2,190,195\n", to: "training.log")
        poll(follower, &seen)
        #expect(seen.values(.trainLoss) == [200, 190])
        #expect(seen.values(.validationLoss) == [210, 195])
        #expect(seen.values(.trainKL) == [1, 2])
        #expect(seen.position?.unit == .epoch)
    }

    @Test("A table that is replaced by a shorter one, as a resumed run does it, takes its curves back")
    func resumed() throws {
        try AtomicFile.write(Array("step,loss\n1,200\n2,190\n3,180\n".utf8), to: folder / "metrics.csv")
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        poll(follower, &seen)
        try AtomicFile.write(Array("step,loss\n1,200\n2,191\n".utf8), to: folder / "metrics.csv")
        poll(follower, &seen)
        #expect(seen.values(.trainLoss) == [200, 191])
    }

    @Test("Steps that come again in one log take the place of the earlier ones")
    func again() throws {
        try folder.append(
            "{\"step\": 1, \"train\": {\"loss\": 3}}\n{\"step\": 2, \"train\": {\"loss\": 2}}\n", to: "a.jsonl")
        try folder.append("no json\n{\"step\": 2, \"train\": {\"loss\": 1}}\n", to: "a.jsonl")
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        poll(follower, &seen)
        #expect(seen.names[.trainLoss] == "train/loss")
        #expect(seen.curves[.trainLoss] == [CurvePoint(step: 1, value: 3), CurvePoint(step: 2, value: 1)])
    }

    @Test("Event files are followed: a later file goes on where a killed process stopped, folders name their part")
    func events() throws {
        let first = try EventFileWriter(folder: folder.path, wallTime: 1e9, process: 1)
        for step in 1...3 { try first.append([("loss", 10 - Double(step))], step: step, wallTime: 1e9) }
        let held = try EventFileWriter(folder: folder.folder("validation"), wallTime: 1e9, process: 1)
        try held.append([("epoch_loss", 9)], step: 3, wallTime: 1e9)
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        poll(follower, &seen)
        #expect(seen.values(.trainLoss) == [9, 8, 7])
        #expect(seen.values(.validationLoss) == [9])
        let second = try EventFileWriter(folder: folder.path, wallTime: 2e9, process: 2)
        try second.append([("loss", 7.5)], step: 3, wallTime: 2e9)
        poll(follower, &seen)
        #expect(seen.curves[.trainLoss]?.last == CurvePoint(step: 3, value: 7.5))
        #expect(seen.values(.trainLoss).count == 3)
    }

    @Test("A table's double precision goes before an event file's; names that were given before guesses")
    func origins() throws {
        let events = try EventFileWriter(folder: folder.path, wallTime: 1e9, process: 1)
        try events.append([("train/negative_elbo", 0.1), ("mine", 5)], step: 1, wallTime: 1e9)
        try folder.append("step,train_negative_elbo\n1,0.1\n", to: "metrics.csv")
        var seen = Seen()
        poll(try RunFollower(folder.path), &seen)
        #expect(seen.values(.trainLoss) == [0.1])
        var named = Seen()
        poll(try RunFollower(folder.path, naming: CurveNaming([.trainLoss: "mine"])), &named)
        #expect(named.values(.trainLoss) == [5])
        let follower = try RunFollower(folder.path, naming: CurveNaming([.trainKL: "none"]))
        var missing = Seen()
        for _ in 0..<3 { poll(follower, &missing) }
        #expect(missing.problem?.contains("no curve named none: there are mine, train/negative_elbo") == true)
    }

    @Test("An ELBO is shown as its negative, where it is one")
    func signs() throws {
        try folder.append("step,elbo\n1,-200\n2,-190\n", to: "log.csv")
        var seen = Seen()
        poll(try RunFollower(folder.path), &seen)
        #expect(seen.values(.trainLoss) == [200, 190])
    }

    private func model(fill: Float) throws -> Model {
        let architecture = try Architecture(
            input: try Shape([1, 8, 8]), latentSize: 1, likelihood: .bernoulli,
            encoder: [.flatten, .linear(inputs: 64, outputs: 2, bias: true)],
            decoder: [
                .linear(inputs: 1, outputs: 64, bias: true), .unflatten(try Shape([1, 8, 8])), .activation(.sigmoid),
            ])
        let tensors = Dictionary(
            uniqueKeysWithValues: architecture.parameters.map { parameter in
                (
                    parameter.name,
                    Tensor(
                        extents: parameter.extents, values: Array(repeating: fill, count: parameter.count))
                )
            })
        return try Model(architecture: architecture, tensors: tensors)
    }

    @Test("Models that come faster than looks are given all the same, the one before the newest")
    func manyModels() throws {
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        for epoch in 1...4 {
            let path = folder / "epoch-\(epoch).safetensors"
            try Checkpoint.write(model(fill: Float(epoch)), to: path)
            // Two files may be written within one tick of the file system's clock.
            let written = Date(timeIntervalSince1970: 1_700_000_000 + Double(epoch))
            try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: path)
            poll(follower, &seen)
        }
        #expect(seen.models.map(\.path) == (1...3).map { folder / "epoch-\($0).safetensors" })
    }

    @Test("The newest model is given once it is whole, and each only once; a half-written one is no error")
    func models() throws {
        try Checkpoint.write(model(fill: 1), to: folder / "one.safetensors")
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        for _ in 0..<4 { poll(follower, &seen) }
        #expect(seen.models.map(\.path) == [folder / "one.safetensors"])
        // Another program writes in place, with pauses.
        try Checkpoint.write(model(fill: 2), to: folder / "whole")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder / "whole"))
        try bytes.prefix(100).write(to: URL(fileURLWithPath: folder / "two.safetensors"))
        poll(follower, &seen)
        #expect(seen.problem == nil)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder / "two.safetensors"))
        try handle.seekToEnd()
        try handle.write(contentsOf: bytes.dropFirst(100))
        for _ in 0..<3 { poll(follower, &seen) }
        #expect(seen.models.count == 2)
        #expect(seen.models.last?.model.tensors["decoder.0.bias"]?.values.first == 2)
        #expect(seen.problem == nil)
        try folder.append("rubbish", to: "three.safetensors")
        for _ in 0..<3 { poll(follower, &seen) }
        #expect(seen.problem?.contains("three.safetensors") == true)
        try FileManager.default.removeItem(atPath: folder / "three.safetensors")
        poll(follower, &seen)
        #expect(seen.problem == nil)
    }

    @Test("Means over pixels and sums over batches are told by their size; our own runs are nats")
    func scales() throws {
        #expect(LossScaleGuess.scale(loss: 0.18, pixels: 784) == .looksLikeMeanOverPixels(pixels: 784))
        #expect(LossScaleGuess.scale(loss: 0.18, pixels: nil) == .looksLikeMeanOverPixels(pixels: nil))
        #expect(LossScaleGuess.scale(loss: 140, pixels: 784) == .looksLikeNatsPerImage)
        #expect(LossScaleGuess.scale(loss: 140, pixels: nil) == .unknown)
        #expect(LossScaleGuess.scale(loss: 17_000, pixels: 784) == .looksLikeSumOverBatch)
        #expect(LossScaleGuess.scale(loss: .nan, pixels: 784) == .unknown)
        try folder.append("step,loss\n1,0.5\n", to: "log.csv")
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        poll(follower, &seen)
        #expect(seen.scale == .looksLikeMeanOverPixels(pixels: nil))
        try Checkpoint.write(model(fill: 1), to: folder / "one.safetensors")
        for _ in 0..<3 { poll(follower, &seen) }
        #expect(seen.scale == .looksLikeMeanOverPixels(pixels: 64))
    }

    @Test("A long log comes in pieces, and lines without end are passed over")
    func long() throws {
        let rows = (1...50_000).map { "\($0),\(1_000_000 - $0)\n" }.joined()
        try folder.append("step,loss\n\(rows)", to: "log.csv")
        try folder.append(String(repeating: "x", count: 200_000), to: "log.csv")
        let follower = try RunFollower(folder.path)
        var seen = Seen()
        seen.apply(follower.poll())
        #expect(follower.hasMore)
        #expect(seen.values(.trainLoss).count < 50_000)
        poll(follower, &seen)
        #expect(seen.values(.trainLoss).count == 50_000)
        try folder.append("\n50001,7\n", to: "log.csv")
        poll(follower, &seen)
        #expect(seen.values(.trainLoss).last == 7)
    }

    @Test("A folder that is not there yet is waited for")
    func missing() throws {
        let follower = try RunFollower(folder / "run")
        var seen = Seen()
        poll(follower, &seen)
        #expect(seen.problem == "there is no \(folder / "run") yet: it is waited for")
        try AtomicFile.write(Array("step,loss\n1,200\n".utf8), to: folder.folder("run") + "/metrics.csv")
        poll(follower, &seen)
        #expect(seen.problem == nil && seen.values(.trainLoss) == [200])
    }

    @Test("Of a run of ours its steps, its kept models, pauses and its end are told")
    func ours() throws {
        let run = try TinyRun(folder / "run", options: .init(kept: 3))
        try run.train()
        let follower = try RunFollower(folder / "run")
        var seen = Seen()
        poll(follower, &seen)
        // 40 of 50 images in batches of 8, three epochs.
        #expect(seen.facts?.epochs == 3 && seen.facts?.stepsPerEpoch == 5)
        #expect(seen.phases == [.finished(.completed)])
        #expect(seen.kept.map(\.step).first == 0 && seen.kept.map(\.step).last == 15 && seen.kept.count == 3)
        #expect(seen.kept.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
        for line in ["\"paused\"", "\"finished\",\"reason\":\"stopped\"", "\"unheard of\"", "\"resumed\""] {
            try folder.append("{\"time\":1,\"event\":\(line),\"step\":15}\nno json\n", to: "run/log.jsonl")
            poll(follower, &seen)
        }
        try folder.append("{\"event\":\"failed\",\"step\":15,\"reason\":\"KL\"}\n", to: "run/log.jsonl")
        poll(follower, &seen)
        #expect(seen.phases.dropFirst() == [.paused, .finished(.stopped), .running, .failed("KL")])
        #expect(follower.poll().isEmpty)
    }

    @Test("Where there is nothing, the user hears it; a folder that is still empty is fine")
    func nothing() throws {
        let follower = try RunFollower(folder.path)
        #expect(follower.poll().isEmpty)
        try folder.append("latentwalk", to: "config.json")
        #expect(follower.poll().isEmpty)
        var waiting = Seen()
        poll(follower, &waiting)
        #expect(waiting.problem?.contains("nothing to follow yet") == true)
        try folder.append("step,loss\n1,200\n", to: "log.csv")
        poll(follower, &waiting)
        #expect(waiting.problem == nil)
        try FileManager.default.removeItem(atPath: folder.path)
        var seen = Seen()
        poll(follower, &seen)
        #expect(seen.problem != nil)
    }
}

import Dispatch
import Explorer
import Foundation
import Neural
import Runs
import Testing
import VAE

@testable import Session

@Suite("A run that is watched")
struct WatchedRunTests {
    /// The news of a folder with these files, until the run is over.
    private func news(_ files: [String: String]) throws -> [RunNews] {
        let folder = NSTemporaryDirectory() + "watched-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/checkpoints", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        let bell = DispatchSemaphore(value: 0)
        let run = WatchedRun(name: "run", threads: 1)
        run.onNews { bell.signal() }
        run.start { try RunFollower(folder) }
        defer { run.close() }
        var news: [RunNews] = []
        let end = ContinuousClock.now.advanced(by: .seconds(10))
        while ContinuousClock.now < end {
            _ = bell.wait(timeout: .now() + .seconds(1))
            news += run.takeNews()
            if news.contains(where: { if case .phase(.finished) = $0 { true } else { false } }) { return news }
        }
        Issue.record("the end did not come")
        return news
    }

    @Test("Of a run of ours it shows what a training shows: epochs, shares, the best, kept checkpoints, the end")
    func ours() throws {
        let news = try news([
            "config.json": """
            {"program": "latentwalk test", "settings": {"epochs": 4, "validation": 10, "batch-size": 10},
             "data": {"images": 110}}
            """,
            "metrics.csv": """
            step,epoch,seconds,train_negative_elbo,validation_negative_elbo
            10,1,5,200,
            10,1,5,,190
            20,2,10,180,
            20,2,10,,195
            25,3,12.5,170,

            """,
            "log.jsonl": """
            {"event": "started", "step": 0}
            {"event": "finished", "step": 25, "reason": "stopped"}

            """,
            "checkpoints/step-00000025.safetensors": "",
        ])
        let descriptions = news.compactMap { if case .described(let description) = $0 { description } else { nil } }
        #expect(descriptions.last?.epochs == 4 && descriptions.last?.stepsPerEpoch == 10)
        let all = news.compactMap { if case .progressed(let progress) = $0 { progress } else { nil } }
        let progress = try #require(all.last)
        #expect(progress.epoch == 3 && progress.epochShare == 0.5 && progress.share == 0.625)
        #expect(progress.best == 190 && progress.bestEpoch == 1)
        #expect(progress.elapsed == .seconds(12.5))
        #expect(abs((progress.remaining ?? .zero) / .seconds(1) - 7.5) < 1e-6)
        let kept = news.compactMap { if case .kept(let kept) = $0 { kept } else { nil } }.last
        #expect(kept?.map(\.name) == ["step 25, epoch 2.5"])
        let phases = news.compactMap { if case .phase(let phase) = $0 { phase } else { nil } }
        #expect(phases.last == .finished("stopped and saved"))
    }

    /// What is said of the weights that come.
    // Its lock guards all that it holds.
    private final class Moments: @unchecked Sendable {
        private let lock = NSLock()
        private var list: [String] = []
        func add(_ moment: String) { lock.withLock { list.append(moment) } }
        var all: [String] { lock.withLock { list } }
    }

    @Test("Weights of which something is a guess are called guessed beside their file's name")
    func guessed() throws {
        let architecture = try Architecture(
            input: Shape([1, 1, 2]), latentSize: 1, likelihood: .gaussian(),
            encoder: [.flatten, .linear(inputs: 2, outputs: 2)],
            decoder: [.linear(inputs: 1, outputs: 2), .unflatten(Shape([1, 1, 2]))])
        let model = try Model(
            architecture: architecture,
            tensors: Dictionary(
                uniqueKeysWithValues: architecture.parameters.map {
                    ($0.name, Tensor(extents: $0.extents, values: [Float](repeating: 1, count: $0.count)))
                }))
        let folder = NSTemporaryDirectory() + "watched-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data([0]).write(to: URL(fileURLWithPath: "\(folder)/last.ckpt"))
        let bell = DispatchSemaphore(value: 0)
        let moments = Moments()
        let run = WatchedRun(name: "run", threads: 1)
        run.onWeights { weights in
            moments.add(weights.moment)
            bell.signal()
        }
        run.start { try RunFollower(folder, open: { _ in (model, "activation: ReLU") }) }
        defer { run.close() }
        _ = bell.wait(timeout: .now() + .seconds(60))
        #expect(moments.all == ["last.ckpt, guessed"])
    }
}

import Dispatch
import Explorer
import Foundation
import Runs
import Testing

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
}

import Explorer
import Latent
import Testing

@testable import Session

@Suite("Losses of all images")
struct LossesJobTests {
    private var data: [Float] {
        (0..<ReconstructionJobTests.data.count).map { ReconstructionJobTests.data.image($0)[0] }
    }

    private func cloud(_ count: Int = 3_000) -> LatentCloud {
        LatentCloud(
            name: "made", dimension: 2, means: (0..<2 * count).map { Float($0 % 11) / 5 - 1 },
            deviations: Array(repeating: 1, count: 2 * count))
    }

    /// All that a job answers, in order.
    private func losses(_ job: LossesJob, at bench: Workbench) -> [Float] {
        var all: [Float] = []
        for _ in 0..<10_000 where !job.isDone {
            for case .losses(let losses, let first) in job.advance(at: bench, .milliseconds(3)) {
                #expect(first == 500 + all.count)
                all += losses
            }
        }
        return all
    }

    @Test("Each is −log p at the mean plus KL, in order and whole, without encoding anything again")
    func whole() {
        let log = EngineLog()
        let cloud = cloud()
        let bench = ReconstructionJobTests.bench(engine: FakeEngine(log: log), cloud: cloud)
        let found = losses(LossesJob(500..<3_000), at: bench)
        let pixels = data
        let expected = (500..<3_000).map { image in
            let (one, other) = (cloud.means[2 * image], cloud.means[2 * image + 1])
            return pixels[image] + one + (one * one + other * other) / 2
        }
        #expect(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(log.all.count < 2_000 && !log.all.contains { $0.hasPrefix("encode") || $0.hasPrefix("decode") })
    }

    @Test("It ends where codes or data are others by now")
    func gone() {
        for bench in [
            ReconstructionJobTests.bench(), ReconstructionJobTests.bench(cloud: cloud(600)),
            ReconstructionJobTests.bench(nil, cloud: cloud()),
        ] {
            let job = LossesJob(2_900..<3_000)
            #expect(job.advance(at: bench, .milliseconds(3)).isEmpty && job.isDone)
        }
    }
}

import Datasets
import Explorer
import Latent
import Pictures
import Testing

@testable import Session

@Suite("Reconstructions")
struct ReconstructionJobTests {
    static let data = Dataset(
        name: "made", split: .test, height: 28, width: 28,
        pixels: (0..<3_000 * 784).map { UInt8(truncatingIfNeeded: $0 &* 7 / 784 &+ $0) })

    static func bench(
        _ dataset: Dataset? = data, engine: any LatentEngine = FakeEngine(log: EngineLog()), cloud: LatentCloud? = nil
    ) -> Workbench {
        Workbench(
            engine: engine, facts: ModelFacts(name: "fake", latentCount: 2, width: 28, height: 28), dataset: dataset,
            cloud: cloud)
    }

    @Test("An image comes with its posterior, its decoded mean and the terms of its −ELBO")
    func image() throws {
        let job = ReconstructionJob(.image(5))
        let results = job.advance(at: Self.bench(), .milliseconds(3))
        #expect(job.isDone)
        guard case .reconstruction(let found)? = results.first else {
            Issue.record("there is a reconstruction")
            return
        }
        let image = Self.data.image(5)
        #expect(found.input.values == image)
        #expect(found.mean == LatentPoint(image[0], image[1]) && found.deviations == LatentPoint(1, 1))
        #expect(found.decoded.values[0] == 0.5 + image[0] / 6)
        #expect(found.loss == Double(image[0] + image[0]))
        let squares = Double(image[0] * image[0] + image[1] * image[1])
        #expect(abs(found.divergence - squares / 2) < 1e-6)
    }

    @Test("A drawing goes the same way, its channels apart for the network")
    func drawing() {
        let picture = Picture(width: 28, height: 28, values: (0..<784).map { Float($0) / 784 })
        let results = ReconstructionJob(.picture(picture)).advance(at: Self.bench(), .milliseconds(3))
        guard case .reconstruction(let found)? = results.first else {
            Issue.record("there is a reconstruction")
            return
        }
        #expect(found.input == picture && found.mean == LatentPoint(0, 1 / 784))
    }

    @Test("Of data or sizes that are gone nothing comes, and nothing breaks")
    func gone() {
        let small = Picture(width: 2, height: 2, values: [0, 0, 0, 0])
        let log = EngineLog()
        let engine = FakeEngine(log: log)
        for (subject, data) in [
            (ReconstructionSubject.image(3_000), Self.data), (.image(0), nil), (.picture(small), Self.data),
            (.image(-1), Self.data),
        ] {
            let job = ReconstructionJob(subject)
            #expect(job.advance(at: Self.bench(data, engine: engine), .milliseconds(3)).isEmpty && job.isDone)
        }
        #expect(log.all.isEmpty)
    }
}

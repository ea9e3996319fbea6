import Datasets
import Explorer
import Latent
import Neural
import Pictures
import Testing
import VAE

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
        let job = ReconstructionJob(.image(5), by: .encoder)
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

    @Test("A refined answer is the engine's, decoded and measured; engines without any give none")
    func refined() throws {
        let image = try Shape([1, 1, 2])
        let architecture = try Architecture(
            input: image, latentSize: 2, likelihood: .gaussian(),
            encoder: [.flatten, .linear(inputs: 2, outputs: 4, bias: false)],
            decoder: [.linear(inputs: 2, outputs: 2, bias: false), .unflatten(image)])
        let model = try Model(
            architecture: architecture,
            tensors: [
                "encoder.1.weight": Tensor(extents: [4, 2], values: [0.5, 0, 0, 0.25, -1, -1, -2, 0]),
                "decoder.0.weight": Tensor(extents: [2, 2], values: [3, 0, 0, 2]),
            ])
        let picture = Picture(width: 2, height: 1, values: [0.75, 0.25])
        let bench = Workbench(
            engine: ModelEngine(model, threads: 1),
            facts: ModelFacts(name: "small", latentCount: 2, width: 2, height: 1), dataset: nil, cloud: nil)
        let results = ReconstructionJob(.picture(picture), by: .refined).advance(at: bench, .milliseconds(3))
        guard case .reconstruction(let found)? = results.first else {
            Issue.record("there is a reconstruction")
            return
        }
        // The mean is Wᵀx / (1 + w²), the precision 1 + w².
        #expect(found.inference == .refined)
        #expect(abs(found.mean[0] - 0.225) < 1e-4 && abs(found.mean[1] - 0.1) < 1e-4)
        #expect(abs(found.deviations[0] - 0.316_228) < 1e-4 && abs(found.deviations[1] - 0.447_214) < 1e-4)
        #expect(abs(found.decoded.values[0] - 0.675) < 1e-3)
        let none = ReconstructionJob(.image(5), by: .refined)
        #expect(none.advance(at: Self.bench(), .milliseconds(3)).isEmpty && none.isDone)
    }

    @Test("A drawing goes the same way, its channels apart for the network")
    func drawing() {
        let picture = Picture(width: 28, height: 28, values: (0..<784).map { Float($0) / 784 })
        let results = ReconstructionJob(.picture(picture), by: .encoder).advance(at: Self.bench(), .milliseconds(3))
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
            let job = ReconstructionJob(subject, by: .encoder)
            #expect(job.advance(at: Self.bench(data, engine: engine), .milliseconds(3)).isEmpty && job.isDone)
        }
        #expect(log.all.isEmpty)
    }
}

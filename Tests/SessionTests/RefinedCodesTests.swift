import Datasets
import Dispatch
import Explorer
import Latent
import Neural
import Pictures
import Testing
import VAE

@testable import Session

@Suite("Codes by the refined answer")
struct RefinedCodesTests {
    private let bell = DispatchSemaphore(value: 0)
    private static let count = 300

    /// A linear decoder, whose posteriors are known: the mean is Wᵀx / (1 + w²).
    private static func model(latents: Int = 2) throws -> OpenModel {
        let image = try Shape([1, 1, 2])
        let architecture = try Architecture(
            input: image, latentSize: latents, likelihood: .gaussian(),
            encoder: [.flatten, .linear(inputs: 2, outputs: 2 * latents, bias: false)],
            decoder: [.linear(inputs: latents, outputs: 2, bias: false), .unflatten(image)])
        let decoder: [Float] = latents == 2 ? [3, 0, 0, 2] : [3, 0, 0, 0, 2, 0]
        let tensors = [
            "encoder.1.weight": Tensor(
                extents: [2 * latents, 2], values: (0..<4 * latents).map { $0 < 2 * latents ? 0.5 : -1 }),
            "decoder.0.weight": Tensor(extents: [2, latents], values: decoder),
        ]
        return try OpenModel(Model(architecture: architecture, tensors: tensors), name: "small", threads: 1)
    }

    private static let data = Dataset(
        name: "made", split: .test, height: 1, width: 2, pixels: (0..<2 * count).map { UInt8($0 * 7 % 256) },
        labels: (0..<count).map { UInt8($0 % 3) })

    private func clouds(_ model: OpenModel, _ inference: InferenceMethod?, last: InferenceMethod) -> [LatentCloud] {
        let bell = bell
        let thread = EngineThread(model, inference: inference) { bell.signal() }
        thread.order { $0.data = .encode(Self.data) }
        let events = thread.answers(bell) {
            if case .encoded(let cloud?) = $0 { cloud.count == Self.count && cloud.inference == last } else { false }
        }
        thread.close()
        thread.waitForEnd()
        return (events + thread.takeAnswers()).compactMap { if case .encoded(let cloud?) = $0 { cloud } else { nil } }
    }

    @Test("Of two latents the encoder's codes come first, and then those where the posterior is densest")
    func moves() throws {
        let clouds = clouds(try Self.model(), nil, last: .refined)
        #expect(clouds.map(\.inference) == [.encoder, .refined])
        let refined = try #require(clouds.last)
        #expect(refined.labels == clouds[0].labels && refined.name == clouds[0].name)
        for image in [0, 100, Self.count - 1] {
            let pixels = Self.data.image(image)
            let code = refined.mean(of: image)
            #expect(abs(code[0] - 3 * pixels[0] / 10) < 1e-3 && abs(code[1] - 2 * pixels[1] / 5) < 1e-3)
        }
    }

    @Test("The encoder's codes stay where they are asked for, and with more latents")
    func stays() throws {
        #expect(clouds(try Self.model(), .encoder, last: .encoder).count == 1)
        #expect(clouds(try Self.model(latents: 3), nil, last: .encoder).count == 1)
    }

    @Test("Three latents are refined where that is asked for")
    func asked() throws {
        #expect(clouds(try Self.model(latents: 3), .refined, last: .refined).count == 2)
    }
}

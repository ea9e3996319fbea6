import Foundation
import Neural
import VAE

@testable import Inference

/// A small model of two latents with images, and what PyTorch finds of them (`Fixtures/make_posteriors.py`).
struct PosteriorFixture: Decodable {
    struct StoredTensor: Decodable {
        let shape: [Int]
        let values: [Double]
    }

    let tensors: [String: StoredTensor]
    /// `[6, 1, 4, 4]`.
    let images: [Double]
    /// `[6, 7, 2]`.
    let noise: [Double]
    let negativeLogEvidence: [Double]
    let mean: [Double]
    let variance: [Double]
    let covariance: [Double]
    let gaussianNegativeElbo: [Double]
    /// By the first three of the noise.
    let reconstruction: [Double]
    let kl: [Double]
    /// By all seven of the noise.
    let importanceBound: [Double]

    static let count = 6
    static let side = 4

    static func load(_ likelihood: Likelihood) throws -> PosteriorFixture {
        let url = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/posteriors.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let all = try decoder.decode([String: PosteriorFixture].self, from: Data(contentsOf: url))
        guard let fixture = all[likelihood.name] else { throw CocoaError(.coderValueNotFound) }
        return fixture
    }

    func model(_ likelihood: Likelihood) throws -> Model {
        let pixels = PosteriorFixture.side * PosteriorFixture.side
        let image = try Shape([1, PosteriorFixture.side, PosteriorFixture.side])
        let architecture = try Architecture(
            input: image, latentSize: 2, likelihood: likelihood,
            encoder: [
                .flatten, .linear(inputs: pixels, outputs: 8, bias: true), .activation(.tanh),
                .linear(inputs: 8, outputs: 4, bias: true),
            ],
            decoder: [
                .linear(inputs: 2, outputs: 16, bias: true), .activation(.tanh),
                .linear(inputs: 16, outputs: pixels, bias: true), .unflatten(image),
            ] + (likelihood == .bernoulli ? [.activation(.sigmoid)] : []))
        return try Model(
            architecture: architecture,
            tensors: tensors.mapValues { Tensor(extents: $0.shape, values: $0.values.map(Float.init)) })
    }

    var pixels: [Float] { images.map(Float.init) }
}

func isClose(_ one: [Double], _ other: [Double], within tolerance: Double) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= tolerance }
}

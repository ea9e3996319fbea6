import Foundation
import Neural
import Platform
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
        try loadFixture("posteriors", likelihood)
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

/// Small decoders and what PyTorch finds of them on a lattice of 37 points (`Fixtures/make_lattice_encoder.py`).
struct LatticeFixture: Decodable {
    let tensors: [String: PosteriorFixture.StoredTensor]
    /// `[5, 1, 3, 4]`.
    let images: [Double]
    /// `[37, 2]`.
    let points: [Double]
    /// Of the posterior on the points, `[5, 2]`.
    let means: [Double]
    /// `[37, 2]`.
    let logVariances: [Double]

    static func load(_ likelihood: Likelihood) throws -> LatticeFixture {
        try loadFixture("lattice-encoder", likelihood)
    }

    /// With an encoder of first weights.
    func model(_ likelihood: Likelihood) throws -> Model {
        let image = try Shape([1, 3, 4])
        let architecture = try Architecture(
            input: image, latentSize: 2, likelihood: likelihood,
            encoder: LatticeEncoder.layers(pixels: 12, rank: 12, points: 37, latentSize: 2),
            decoder: [
                .linear(inputs: 2, outputs: 10, bias: true), .activation(.silu),
                .linear(inputs: 10, outputs: 12, bias: true), .unflatten(image),
            ] + (likelihood == .bernoulli ? [.activation(.sigmoid)] : []))
        let given = tensors.mapValues { Tensor(extents: $0.shape, values: $0.values.map(Float.init)) }
        return try Model(
            architecture: architecture, tensors: architecture.initialTensors(seed: 0).merging(given) { $1 })
    }
}

/// What a file of `Fixtures` has for a likelihood.
private func loadFixture<Fixture: Decodable>(_ name: String, _ likelihood: Likelihood) throws -> Fixture {
    let url = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/\(name).json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let all = try decoder.decode([String: Fixture].self, from: Data(contentsOf: url))
    guard let fixture = all[likelihood.name] else { throw CocoaError(.coderValueNotFound) }
    return fixture
}

/// Two pixels, each a weighted sum of the latents, Gaussian.
///
/// - Parameter weights: `[2, latents]`.
func linearModel(
    weights: [Double], latents: Int = 2, likelihood: Likelihood = .gaussian()
) throws -> Model {
    let image = try Shape([1, 1, 2])
    let architecture = try Architecture(
        input: image, latentSize: latents, likelihood: likelihood,
        encoder: [.flatten, .linear(inputs: 2, outputs: 2 * latents, bias: false)],
        decoder: [.linear(inputs: latents, outputs: 2, bias: false), .unflatten(image)])
    var tensors = [
        "encoder.1.weight": Tensor(extents: [2 * latents, 2], values: Array(repeating: 0.1, count: 4 * latents)),
        "decoder.0.weight": Tensor(extents: [2, latents], values: weights.map(Float.init)),
    ]
    if likelihood == .gaussian(.learned) {
        tensors[Likelihood.logVarianceName] = Tensor(extents: [1], values: [Float(logarithm(0.25))])
    }
    return try Model(architecture: architecture, tensors: tensors)
}

func isClose(_ one: [Double], _ other: [Double], within tolerance: Double) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= tolerance }
}

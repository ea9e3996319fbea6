import Checkpoints
import Foundation
import ModelFiles
import Neural
import Testing
import VAE

@testable import Geometry

/// Decoders whose geometry is known, and the shipped model.
enum SmallSpaces {
    /// A decoder of some layers, with given tensors or random ones.
    static func model(
        latents: Int, image: [Int], likelihood: Likelihood = .gaussian(), decoder: [Neural.Operation],
        tensors: [String: Tensor] = [:], seed: UInt64 = 1
    ) throws -> Model {
        let shape = try Shape(image)
        let architecture = try Architecture(
            input: shape, latentSize: latents, likelihood: likelihood,
            encoder: [.flatten, .linear(inputs: shape.count, outputs: 2 * latents, bias: true)], decoder: decoder)
        return try Model(
            architecture: architecture, tensors: architecture.initialTensors(seed: seed).merging(tensors) { $1 })
    }

    /// The image is a matrix times z, and a bias.
    static func linear(latents: Int, pixels: Int = 12) throws -> Model {
        try model(
            latents: latents, image: [1, 1, pixels],
            decoder: [.linear(inputs: latents, outputs: pixels, bias: true), .unflatten(Shape([1, 1, pixels]))])
    }

    /// Two pixels, a function each of one of the two latents.
    static func separable(_ function: Activation, _ likelihood: Likelihood) throws -> Model {
        try model(
            latents: 2, image: [1, 1, 2], likelihood: likelihood,
            decoder: [
                .linear(inputs: 2, outputs: 2, bias: false), .unflatten(Shape([1, 1, 2])), .activation(function),
            ],
            tensors: ["decoder.0.weight": Tensor(extents: [2, 2], values: [1, 0, 0, 1])])
    }

    /// A decoder of a few layers that bend.
    static func curved(latents: Int) throws -> Model {
        try model(
            latents: latents, image: [1, 4, 4],
            decoder: [
                .linear(inputs: latents, outputs: 24, bias: true), .activation(.tanh),
                .linear(inputs: 24, outputs: 16, bias: true), .unflatten(Shape([1, 4, 4])),
            ])
    }

    /// A decoder with every kind of layer that an image can come out of.
    static func everyLayer(_ likelihood: Likelihood) throws -> Model {
        let norm = BatchNormalization(channels: 4)
        func statistics(_ name: String) -> [String: Tensor] {
            [
                "\(name).weight": Tensor(extents: [4], values: [0.7, -1.2, 1.1, 0.9]),
                "\(name).bias": Tensor(extents: [4], values: [0.1, -0.3, 0.2, 0]),
                "\(name).running_mean": Tensor(extents: [4], values: [0.2, -0.1, 0.05, 0.3]),
                "\(name).running_var": Tensor(extents: [4], values: [0.5, 1.5, 0.8, 1.1]),
            ]
        }
        let layers: [Neural.Operation] = [
            .linear(inputs: 3, outputs: 10, bias: true), .activation(.softplus), .softmax,
            .linear(inputs: 10, outputs: 16, bias: true), .activation(.silu), .unflatten(try Shape([4, 2, 2])),
            // Folded into no layer: it follows none with weights.
            .batchNormalization(norm), .upsampling(Extent(2)),
            .convolution(Convolution(inputs: 4, outputs: 4, kernel: Extent(3), padding: Extent(1))),
            .batchNormalization(norm), .activation(.leakyReLU(slope: 0.2)),
            .transposedConvolution(
                TransposedConvolution(inputs: 4, outputs: 6, kernel: Extent(4), stride: Extent(2), padding: Extent(1))),
            .activation(.tanh), .maxPooling(Pooling(kernel: Extent(3), stride: Extent(2), padding: Extent(1))),
            .averagePooling(Pooling(kernel: Extent(2), stride: Extent(1))), .activation(.relu),
            .convolution(Convolution(inputs: 6, outputs: 2, kernel: Extent(3), padding: Extent(1))),
        ]
        // Large enough that softmax has something to choose from.
        let first: [Float] = (0..<30).map { index in Float(index * 37 % 23) / 4 - 2.75 }
        let second: [Float] = (0..<160).map { index in Float(index * 53 % 31) / 3 - 5 }
        let last: [Float] = (0..<108).map { index in Float(index * 41 % 29) / 10 - 1.4 }
        let weights = [
            "decoder.16.weight": Tensor(extents: [2, 6, 3, 3], values: last),
            "decoder.0.weight": Tensor(extents: [10, 3], values: first),
            "decoder.3.weight": Tensor(extents: [16, 10], values: second),
        ]
        return try model(
            latents: 3, image: [2, 3, 3], likelihood: likelihood,
            decoder: layers + (likelihood == .bernoulli ? [.activation(.sigmoid)] : []),
            tensors: statistics("decoder.6").merging(statistics("decoder.9")) { $1 }.merging(weights) { $1 }, seed: 5)
    }

    static func space(_ model: Model) throws -> DecodedSpace { DecodedSpace(model, pool: WorkerPool(threads: 2)) }

    /// Models/mnist-2d.safetensors.
    static func shipped() throws -> Model {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ModelFile.read(root.appendingPathComponent("Models/mnist-2d.safetensors").path)
    }
}

/// What PyTorch finds of the shipped model (`Fixtures/make_geodesics.py`).
struct GeodesicFixture: Decodable {
    struct Point: Decodable {
        let point: [Float]
        /// z₀z₀, z₀z₁, z₁z₁.
        let plain: [Double]
        let fisher: [Double]
        let magnification: Double
    }

    struct Pair: Decodable {
        let from: [Float]
        let to: [Float]
        /// plain, fisher or density.
        let metric: String
        let straight: Double
        let spherical: Double
        let geodesic: Double
    }

    struct Density: Decodable {
        let codes: [[Float]]
        let bandwidth: Float
        let floor: Double
    }

    let points: [Point]
    let density: Density
    let pairs: [Pair]

    func metric(_ name: String) -> LatentMetric? {
        switch name {
        case "plain": .plain
        case "fisher": .fisher
        default:
            LatentDensity(
                codes: density.codes.flatMap { $0 }, dimension: 2, bandwidth: density.bandwidth, floor: density.floor
            ).map { .densityAware($0) }
        }
    }

    static func load() throws -> GeodesicFixture {
        let url = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/geodesics.json")
        return try JSONDecoder().decode(GeodesicFixture.self, from: Data(contentsOf: url))
    }
}

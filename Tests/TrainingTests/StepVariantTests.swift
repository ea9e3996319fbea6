import Foundation
import Neural
import Platform
import Testing
import Training
import VAE

@Suite("Variants of a step")
struct StepVariantTests {
    struct Values: Decodable {
        let extents: [Int]
        let values: [Float]
        var tensor: Tensor { Tensor(extents: extents, values: values) }
    }

    struct Variant: Decodable {
        let name: String
        let likelihood: String
        let weightDecay: Double
        let gradientClip: Double?
        let averaging: Double?
        let freeBits: Double
        /// Reconstruction, KL, objective, norm of the gradient.
        let terms: [[Double]]
        let after: [String: Values]
        let average: [String: Values]
    }

    struct Fixture: Decodable {
        let before: [String: Values]
        let variants: [Variant]
    }

    private static func fixture() throws -> Fixture {
        let url = try #require(
            Bundle.module.url(forResource: "variants", withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    }

    /// The network of Fixtures/make_variants.py.
    private static func architecture(_ likelihood: Likelihood) throws -> Architecture {
        try Architecture(
            input: Shape([1, 6, 6]), latentSize: 2, likelihood: likelihood,
            encoder: [
                .convolution(
                    Convolution(inputs: 1, outputs: 6, kernel: Extent(3), padding: Extent(1), bias: false)),
                .batchNormalization(BatchNormalization(channels: 6)), .activation(.relu),
                .maxPooling(Pooling(kernel: Extent(2))), .flatten, .linear(inputs: 54, outputs: 12, bias: true),
                .activation(.silu), .linear(inputs: 12, outputs: 4, bias: true),
            ],
            decoder: [
                .linear(inputs: 2, outputs: 18, bias: true), .activation(.silu), .unflatten(Shape([2, 3, 3])),
                .upsampling(Extent(2)),
                .convolution(Convolution(inputs: 2, outputs: 1, kernel: Extent(3), padding: Extent(1))),
                .activation(.sigmoid),
            ])
    }

    private static let images = (0..<5 * 36).map { Float(Double($0 * 7919 % 256) / 255) }
    private static func fill(_ noise: UnsafeMutableBufferPointer<Float>) {
        for index in noise.indices { noise[index] = Float(Double(index * 7919 % 401) / 100 - 2) }
    }

    private static func step(
        _ architecture: Architecture, _ before: [String: Values], _ optimization: Optimization = Optimization()
    ) -> TrainingStep {
        // What the fixture doesn't have is the learned variance: at its beginning.
        let tensors = architecture.initialTensors(seed: 1).merging(before.mapValues(\.tensor)) { $1 }
        return TrainingStep(
            architecture, tensors: tensors, batchSize: 5, pool: WorkerPool(threads: 2), optimization: optimization)
    }

    @Test(
        "Three steps are PyTorch's: AdamW, clipping, averaging, free bits, Gaussian likelihoods, and all at once",
        arguments: ["adamw", "clipped", "averaged", "free bits", "gaussian", "everything"])
    func agreesWithPyTorch(name: String) throws {
        let fixture = try Self.fixture()
        let variant = try #require(fixture.variants.first { $0.name == name })
        let architecture = try Self.architecture(try #require(Likelihood(variant.likelihood)))
        let step = Self.step(
            architecture, fixture.before,
            Optimization(
                optimizer: variant.weightDecay > 0 ? .adamW(weightDecay: variant.weightDecay) : .adam,
                gradientClip: variant.gradientClip, averaging: variant.averaging))
        for expected in variant.terms {
            let terms = step.computeGradients(
                images: Self.images, count: 5, beta: 0.7, freeBits: variant.freeBits, noise: Self.fill)
            let norm = step.gradientNorm
            let objective = terms.reconstruction + step.weightedKL(beta: 0.7, freeBits: variant.freeBits)
            step.applyGradients(learningRate: 1e-2, gradientNorm: norm)
            for (found, value) in zip([terms.reconstruction, terms.kl, objective, norm], expected) {
                #expect(abs(found - value) < 3e-4 * max(0.1, abs(value)), "\(found) \(value)")
            }
        }
        expectEqual(step.tensors, variant.after)
        #expect((step.averagedTensors == nil) == (variant.averaging == nil))
        if let average = step.averagedTensors { expectEqual(average, variant.average) }
    }

    private func expectEqual(_ tensors: [String: Tensor], _ expected: [String: Values]) {
        #expect(Set(tensors.keys) == Set(expected.keys))
        for (name, expected) in expected {
            let found = tensors[name]?.values ?? []
            #expect(zip(found, expected.values).allSatisfy { abs($0 - $1) < 3e-4 }, "\(name)")
        }
    }

    @Test("The gradient by a learned variance is the difference quotient")
    func finiteDifference() throws {
        let before = try Self.fixture().before
        let architecture = try Self.architecture(.gaussian(.learned))
        func loss(_ logVariance: Float) throws -> (value: Double, slope: Double) {
            var tensors = before
            tensors[Likelihood.logVarianceName] = Values(extents: [1], values: [logVariance])
            let step = Self.step(architecture, tensors)
            let terms = step.computeGradients(images: Self.images, count: 5, noise: Self.fill)
            let slope = try #require(step.gradients[Likelihood.logVarianceName]).values[0]
            return (terms.reconstruction, Double(slope))
        }
        let quotient = (try loss(-0.99).value - loss(-1.01).value) / 0.02
        #expect(abs(try loss(-1).slope - quotient) < 1e-3 * abs(quotient))
    }

    @Test("A learned variance settles at the mean squared error")
    func learnsVariance() throws {
        let architecture = try Self.architecture(.gaussian(.learned))
        let step = Self.step(architecture, try Self.fixture().before)
        for _ in 0..<300 {
            _ = step.computeGradients(images: Self.images, count: 5, noise: Self.fill)
            step.applyGradients(learningRate: 3e-2)
        }
        let terms = step.computeGradients(images: Self.images, count: 5, noise: Self.fill)
        let logVariance = Double(try #require(step.tensors[Likelihood.logVarianceName]).values[0])
        let constant = 18 * (1.837_877_066 + logVariance)
        let squares = 2 * (terms.reconstruction - constant) * exponential(logVariance) / 36
        #expect(abs(squares / exponential(logVariance) - 1) < 0.1)
    }
}

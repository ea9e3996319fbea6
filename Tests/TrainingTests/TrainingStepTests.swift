import Foundation
import Neural
import Testing
import Training
import VAE

@Suite("TrainingStep")
struct TrainingStepTests {
    private struct Fixture: Decodable {
        struct Values: Decodable {
            let extents: [Int]
            let values: [Float]
        }
        let beta: Float
        let before: [String: Values]
        let after: [String: Values]
        let terms: [[Double]]
    }

    private func fixture() throws -> Fixture {
        let url = try #require(Bundle.module.url(forResource: "steps", withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    }

    /// The network of Fixtures/make_steps.py.
    private func architecture() throws -> Architecture {
        try Architecture(
            input: Shape([1, 6, 6]), latentSize: 2, likelihood: .bernoulli,
            encoder: [
                .convolution(Convolution(inputs: 1, outputs: 6, kernel: Extent(3), padding: Extent(1))),
                .activation(.relu), .maxPooling(Pooling(kernel: Extent(2))), .flatten,
                .linear(inputs: 54, outputs: 12, bias: true), .activation(.silu),
                .linear(inputs: 12, outputs: 4, bias: true),
            ],
            decoder: [
                .linear(inputs: 2, outputs: 18, bias: true), .activation(.silu), .unflatten(Shape([2, 3, 3])),
                .upsampling(Extent(2)),
                .convolution(Convolution(inputs: 2, outputs: 1, kernel: Extent(3), padding: Extent(1))),
                .activation(.sigmoid),
            ])
    }

    private let images = (0..<5 * 36).map { Float(Double($0 * 7919 % 256) / 255) }
    private func fill(_ noise: UnsafeMutableBufferPointer<Float>) {
        for index in noise.indices { noise[index] = Float(Double(index * 7919 % 401) / 100 - 2) }
    }

    private func run(_ fixture: Fixture, threads: Int) throws -> (
        terms: [TrainingStep.Terms], tensors: [String: Tensor]
    ) {
        let step = TrainingStep(
            try architecture(),
            tensors: fixture.before.mapValues { Tensor(extents: $0.extents, values: $0.values) }, batchSize: 5,
            pool: WorkerPool(threads: threads))
        let terms = (0..<3).map { _ in
            let terms = step.computeGradients(images: images, count: 5, beta: fixture.beta, noise: fill)
            step.applyGradients(learningRate: 1e-2)
            return terms
        }
        return (terms, step.tensors)
    }

    @Test("Three steps are PyTorch's: the terms, and the weights after Adam")
    func agreesWithPyTorch() throws {
        let fixture = try fixture()
        let (terms, tensors) = try run(fixture, threads: 2)
        for (found, expected) in zip(terms, fixture.terms) {
            #expect(abs(found.reconstruction - expected[0]) < 1e-4 * expected[0])
            #expect(abs(found.kl - expected[1]) < 1e-4 * expected[1])
        }
        for (name, expected) in fixture.after {
            let found = try #require(tensors[name])
            #expect(zip(found.values, expected.values).allSatisfy { abs($0 - $1) < 2e-4 }, "\(name)")
        }
    }

    @Test("The weights are the same to the bit for any number of threads")
    func threads() throws {
        let fixture = try fixture()
        let results = try [1, 2, 3].map { try run(fixture, threads: $0).tensors }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }
}

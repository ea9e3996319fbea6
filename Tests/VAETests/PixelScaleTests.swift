import Neural
import Platform
import Testing

@testable import VAE

@Suite("Pixels' scales")
struct PixelScaleTests {
    private let pool = WorkerPool(threads: 1)

    /// A model of one latent and images of two pixels: its decoder always gives the same two, and its encoder's mean is the
    /// image's first.
    private func model(pixels: [Float], range: PixelRange) throws -> Model {
        let architecture = try Architecture(
            encoder: Architecture.Part(
                Network(
                    sequential: [.flatten, .linear(inputs: 2, outputs: 2)], input: Shape([1, 1, 2]), name: "encoder"),
                roles: [.image]),
            decoder: Architecture.Part(
                Network(
                    sequential: [.linear(inputs: 1, outputs: 2), .unflatten(Shape([1, 1, 2]))], input: Shape([1]),
                    name: "decoder"), roles: [.latent]),
            pixelRange: range, likelihood: .gaussian())
        func tensor(_ extents: [Int], _ values: [Float]) -> Tensor { Tensor(extents: extents, values: values) }
        return try Model(
            architecture: architecture,
            tensors: [
                "encoder.1.weight": tensor([2, 2], [1, 0, 0, 0]), "encoder.1.bias": tensor([2], [0, 0]),
                "decoder.0.weight": tensor([2, 1], [0, 0]), "decoder.0.bias": tensor([2], pixels),
            ])
    }

    @Test(
        "A free range is found, and is the same for pictures, the encoder and the likelihood",
        arguments: [
            ([-0.9, 0.9], -1, 1), ([0.1, 0.8], 0, 1), ([-3, 5], -3, 5),
        ] as [([Float], Float, Float)])
    func free(pixels: [Float], low: Float, high: Float) throws {
        let model = try model(pixels: pixels, range: .free)
        #expect(model.pixelScale(pool: pool) == .linear(low: low, high: high))
        let shown = Decoder(model, pool: pool).decode([0.3], count: 1)
        for (shown, pixel) in zip(shown, pixels) { #expect(abs(shown - (pixel - low) / (high - low)) < 1e-6) }

        let mean = try Encoder(model, pool: pool).encode([0.25, 0.5], count: 1).means[0]
        #expect(abs(mean - (low + 0.25 * (high - low))) < 1e-6)

        // The picture that the decoder gives is the one that nothing explains better.
        let loss = try ReconstructionMeter(model, pool: pool).measure(shown, at: [0], count: 1)[0]
        #expect(abs(loss - logarithm(2 * Double.pi)) < 1e-5)
    }

    @Test("Of logits the encoder gets pixels as they are")
    func logits() {
        #expect(PixelScale.logits.model([0, 0.5]) == [0, 0.5])
        #expect(PixelScale.linear(low: -1, high: 3).model([0, 0.5]) == [-1, 1])
    }
}

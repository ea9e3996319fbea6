import Latent
import Neural
import Testing
import VAE

@testable import Session

@Suite("Pictures from a decoder's numbers")
struct ModelEngineTests {
    @Test("Planes become pixels with their channels together")
    func interleaving() {
        let planes: [Float] = [0, 0.1, 0.2, 0.3, 0.4, 0.5]
        #expect(interleaved(planes[...], channels: 3) == [0, 0.2, 0.4, 0.1, 0.3, 0.5])
        #expect(interleaved(planes[2...], channels: 1) == [0.2, 0.3, 0.4, 0.5])
        #expect(interleaved(planes[2...5], channels: 2) == [0.2, 0.4, 0.3, 0.5])
    }

    @Test("What a decoder gives beyond 0…1 is cut, and what is no number is black")
    func limits() {
        #expect(interleaved([-1, 2, .nan, .infinity][...], channels: 1) == [0, 1, 0, 1])
    }

    /// A decoder of 2×2 pixels that lie about some numbers.
    private func said(_ biases: [Float], _ range: PixelRange) throws -> String? {
        let decoder = try Network(
            sequential: [.linear(inputs: 2, outputs: 4), .unflatten(try Shape([1, 2, 2]))], input: Shape([2]),
            name: "decoder", inputName: "z", outputName: "image")
        let architecture = try Architecture(
            encoder: nil, decoder: Architecture.Part(decoder, roles: [.latent]), pixelRange: range, likelihood: nil)
        let model = try Model(
            architecture: architecture,
            tensors: [
                "decoder.0.weight": Tensor(extents: [4, 2], values: Array(repeating: 0.01, count: 8)),
                "decoder.0.bias": Tensor(extents: [4], values: biases),
            ])
        return ModelEngine(model, threads: 1).pixelRange
    }

    @Test("Pixels far below 0 that nothing says the range of may be logits")
    func logits() throws {
        #expect(try said([-9, -3, 0, 4], .free) == "logits?")
        #expect(try said([0, 0.3, 0.5, 1], .free) == nil)
        #expect(try said([-9, -3, 0, 4], .logits) == nil)
    }
}

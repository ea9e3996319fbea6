import Neural
import Testing
import VAE

@Suite("Architecture")
struct ArchitectureTests {
    @Test("The decoder must give an image of the input's shape")
    func decoderEnd() throws {
        let error = #expect(throws: ArchitectureError.self) {
            try Architecture(
                input: Shape([1, 2, 2]), latentSize: 1, likelihood: .bernoulli,
                encoder: [.flatten, .linear(inputs: 4, outputs: 2, bias: true)],
                decoder: [.linear(inputs: 1, outputs: 4, bias: true), .activation(.sigmoid)])
        }
        #expect(error?.description == "the decoder ends in 4, but should end in 1×2×2")
    }
}

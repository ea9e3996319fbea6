import Deduction
import Importing
import Neural
import Testing
import VAE

@Suite("Heads that are convolutions")
struct ConvolutionalHeadTests {
    private typealias Dicts = SmallDicts

    /// As DCGAN's discriminator and generator, with as many steps from the picture to the last kernel.
    private func entries(channels: Int, widths: [Int], kernel: Int, latents: Int, bias: Bool) -> [StateDict.Entry] {
        let last = widths[widths.count - 1]
        let encoder = zip([channels] + widths, widths).enumerated().flatMap { place, pair in
            Dicts.convolution("encoder.\(3 * place)", pair.0, pair.1, kernel: 4, bias: bias)
                + Dicts.normalization("encoder.\(3 * place + 1)", pair.1)
        }
        let back = [latents] + widths.reversed() + [channels]
        let decoder = zip(back, back.dropFirst()).enumerated().flatMap { place, pair in
            Dicts.transposed(
                "decoder.\(3 * place)", pair.0, pair.1, kernel: place == 0 ? kernel : 4, bias: bias)
                + (place < back.count - 2 ? Dicts.normalization("decoder.\(3 * place + 1)", pair.1) : [])
        }
        return encoder + Dicts.convolution("mu", last, latents, kernel: kernel)
            + Dicts.convolution("logvar", last, latents, kernel: kernel) + decoder
    }

    @Test(
        "Latents of one pixel are a vector, which a kernel of the whole map makes and reads",
        arguments: [
            (3, [2, 4, 4, 8], 4, 64, true), (3, [2, 4, 4, 8], 4, 64, false), (1, [2, 4, 4, 8], 4, 64, true),
            (3, [4, 4, 8], 4, 32, false), (1, [4, 8], 7, 28, false),
        ])
    func pixel(channels: Int, widths: [Int], kernel: Int, side: Int, bias: Bool) throws {
        let dict = entries(channels: channels, widths: widths, kernel: kernel, latents: 6, bias: bias)
        let architecture = try Dicts.imported(dict).model.architecture
        #expect(architecture.latent.extents == [6])
        #expect(architecture.image.extents == [channels, side, side])
        let encoder = Dicts.layers(try #require(architecture.encoder)).filter { $0.hasPrefix("Conv2d") }
        #expect(encoder.count { $0.contains("4, stride=2, padding=1") } == widths.count)
        #expect(encoder.suffix(2).allSatisfy { !$0.contains("padding") && !$0.contains("stride") })
        #expect(Dicts.layers(architecture.decoder).contains("ReLU"))
    }

    @Test("Numbers beyond those of the decoder's convolutions are of the encoder's, and then of the heads")
    func options() throws {
        let entries =
            Dicts.convolution("encoder.0", 1, 4) + Dicts.convolution("encoder.2", 4, 8)
            + Dicts.convolution("mu", 8, 2) + Dicts.convolution("logvar", 8, 2) + Dicts.transposed("decoder.0", 2, 8)
            + Dicts.transposed("decoder.2", 8, 1)
        var options = ImportOptions()
        (options.strides, options.paddings) = ([2, 2, 1, 2, 2], [1, 1, 1, 1, 1])
        (options.outputPaddings, options.imageShape) = ([1, 1], [1, 28, 28])
        let model = try Deduced(StateDict(entries), options: options, format: "test").imported()
        #expect(model.model.architecture.latent.extents == [2, 7, 7])
        let layers = Dicts.layers(try #require(model.model.architecture.encoder)).filter { $0.hasPrefix("Conv2d") }
        #expect(layers.map { $0.contains("stride=2") } == [false, true, true, true])
        let sizes = model.findings.filter { $0.subject.hasPrefix("encoder.") }
        #expect(sizes.count == 2 && sizes.allSatisfy { $0.certainty == .known })
    }
}

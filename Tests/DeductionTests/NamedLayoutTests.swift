import Importing
import Neural
import Testing
import VAE

@testable import Deduction

@Suite("Layouts that are known by the names of their layers")
struct NamedLayoutTests {
    private typealias Entries = [StateDict.Entry]

    /// disentangling-vae, narrower.
    private var dubois: Entries {
        let widths = [3, 4, 4, 4]
        let encoder = (1...3).flatMap {
            SmallDicts.convolution("encoder.conv\($0)", widths[$0 - 1], widths[$0], kernel: 4)
        }
        let decoder = (1...3).flatMap {
            SmallDicts.transposed("decoder.convT\($0)", widths[4 - $0], widths[3 - $0], kernel: 4)
        }
        return encoder + SmallDicts.linear("encoder.lin1", 64, 16) + SmallDicts.linear("encoder.lin2", 16, 16)
            + SmallDicts.linear("encoder.mu_logvar_gen", 16, 6) + SmallDicts.linear("decoder.lin1", 3, 16)
            + SmallDicts.linear("decoder.lin2", 16, 16) + SmallDicts.linear("decoder.lin3", 16, 64) + decoder
    }

    @Test("Of such a file nothing is guessed, and colors end with the sigmoid of its code")
    func known() throws {
        let model = try SmallDicts.imported(dubois)
        #expect(!model.isGuessed)
        #expect(model.findings.contains { $0.subject == "layout" && $0.value.contains("disentangling-vae") })
        let architecture = model.model.architecture
        #expect(architecture.image.extents == [3, 32, 32] && architecture.pixelRange == .unit)
        let layers = SmallDicts.layers(architecture.decoder)
        #expect(layers.last == "Sigmoid" && layers.count { $0 == "ReLU" } == 5)
    }

    @Test("Options count for more than what a layout's code says")
    func options() throws {
        var options = ImportOptions()
        options.activation = ImportOptions.Choice(Activations.tanh)
        options.outputActivation = ImportOptions.Choice(nil)
        let model = try Deduced(StateDict(dubois), options: options, format: "test").imported()
        let layers = SmallDicts.layers(model.model.architecture.decoder)
        #expect(layers.count { $0 == "Tanh" } == 5 && !layers.contains("Sigmoid") && !layers.contains("ReLU"))
    }

    @Test("A layer more, or a kernel of another size, is another layout")
    func others() throws {
        let more = dubois + SmallDicts.linear("encoder.lin0", 16, 16)
        #expect(NamedLayout.known(in: StateDict(dubois)) != nil)
        #expect(NamedLayout.known(in: StateDict(more)) == nil)
        let other = dubois.map { entry in
            entry.name == "decoder.convT3.weight" ? SmallDicts.entry(entry.name, 4, 3, 3, 3) : entry
        }
        #expect(NamedLayout.known(in: StateDict(other)) == nil)
    }

    @Test("What stands between the layers may differ from one to the next, and normalizations add other numbers")
    func enlarging() throws {
        let down = [3, 2, 2, 2, 2, 2]
        let up = [4, 2, 2, 2, 2, 3]
        var entries: Entries = []
        for place in 1...5 {
            entries += SmallDicts.convolution("e\(place)", down[place - 1], down[place], kernel: 4)
            entries += SmallDicts.normalization("bn\(place)", 2)
        }
        entries += SmallDicts.linear("fc1", 8, 3) + SmallDicts.linear("fc2", 8, 3) + SmallDicts.linear("d1", 3, 16)
        for place in 1...5 {
            entries += SmallDicts.convolution("d\(place + 1)", up[place - 1], up[place])
            if place < 5 { entries += SmallDicts.normalization("bn\(place + 5)", 2) }
        }
        let model = try SmallDicts.imported(entries)
        #expect(!model.isGuessed && model.model.architecture.image.extents == [3, 64, 64])
        let layers = SmallDicts.layers(model.model.architecture.decoder)
        #expect(layers.count { $0.hasPrefix("Upsample") } == 5 && layers.count { $0.contains("replicate") } == 5)
        #expect(layers.count { $0 == "ReLU" } == 1 && layers.count { $0.hasPrefix("LeakyReLU") } == 4)
        #expect(layers.count { $0.contains("eps=0.001") } == 4)
        let encoder = SmallDicts.layers(try #require(model.model.architecture.encoder))
        #expect(encoder.count { $0.hasPrefix("BatchNorm2d") } == 5 && !encoder.contains { $0.contains("eps") })
    }

    @Test("A decoder may be known without its encoder, and what is cut off with it")
    func part() throws {
        let entries =
            SmallDicts.convolution("encoder.0", 1, 4) + SmallDicts.convolution("encoder.3", 4, 4)
            + SmallDicts.convolution("encoder.6", 4, 4) + SmallDicts.linear("z_mean", 196, 2)
            + SmallDicts.linear("z_log_var", 196, 2) + SmallDicts.linear("decoder.0", 2, 196)
            + SmallDicts.transposed("decoder.2", 4, 4) + SmallDicts.transposed("decoder.4", 4, 4)
            + SmallDicts.transposed("decoder.6", 4, 2) + SmallDicts.transposed("decoder.8", 2, 1)
        let model = try SmallDicts.imported(entries.filter { !$0.name.hasPrefix("encoder.6") })
        #expect(model.isGuessed && model.model.architecture.image.extents == [1, 28, 28])
        let layers = SmallDicts.layers(model.model.architecture.decoder)
        #expect(layers.count { $0.hasPrefix("narrow") } == 2 && layers.last == "Sigmoid")
        #expect(layers.count { $0.hasPrefix("LeakyReLU") } == 3)
    }

    @Test("Copies of PyTorch-VAE with one head are plain autoencoders, and end as it does")
    func plain() throws {
        func block(_ path: String, _ inputs: Int, _ outputs: Int, isUp: Bool) -> Entries {
            (isUp
                ? SmallDicts.transposed(path + ".0", inputs, outputs)
                : SmallDicts.convolution(path + ".0", inputs, outputs)) + SmallDicts.normalization(path + ".1", outputs)
        }
        let entries =
            block("encoder.0", 3, 4, isUp: false) + block("encoder.1", 4, 8, isUp: false)
            + SmallDicts.linear("fc_z", 8 * 64, 6) + SmallDicts.linear("decoder_input", 6, 8 * 64)
            + block("decoder.0", 8, 4, isUp: true) + block("final_layer", 4, 4, isUp: true)
            + SmallDicts.convolution("final_layer.3", 4, 3)
        let architecture = try SmallDicts.imported(entries, hints: ["latent_dim": 6]).model.architecture
        #expect(architecture.secondHead == SecondHead.none && architecture.latent.extents == [6])
        #expect(architecture.image.extents == [3, 32, 32])
        let layers = SmallDicts.layers(architecture.decoder)
        #expect(layers.last == "Tanh" && layers.count { $0 == "LeakyReLU" } == 2)
    }
}

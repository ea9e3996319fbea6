import Importing
import Neural
import Testing

@testable import Deduction

@Suite("Modules of an author's own class")
struct OwnModuleTests {
    private func record(_ path: String, _ kind: String, _ settings: [String: Setting] = [:]) -> ModuleRecord {
        ModuleRecord(path: path, className: kind.contains(".") ? kind : "torch.nn.modules.\(kind)", settings: settings)
    }

    private func transposed(_ path: String, stride: Int, padding: Int) -> ModuleRecord {
        record(
            path, "ConvTranspose2d",
            [
                "stride": .integers([stride, stride]), "padding": .integers([padding, padding]),
                "output_padding": .integers([0, 0]),
            ])
    }

    private var entries: [StateDict.Entry] {
        SmallDicts.convolution("encoder.0", 1, 2) + SmallDicts.convolution("encoder.2", 2, 4)
            + SmallDicts.linear("z_mean", 196, 2) + SmallDicts.linear("z_log_var", 196, 2)
            + SmallDicts.linear("decoder.0", 2, 196) + SmallDicts.transposed("decoder.2", 4, 4)
            + SmallDicts.transposed("decoder.4", 4, 4) + SmallDicts.transposed("decoder.5", 4, 2)
            + SmallDicts.transposed("decoder.6", 2, 1)
    }

    /// An autoencoder whose author reshapes and trims with classes of their own.
    private func modules(_ trimming: String, _ settings: [String: Setting] = [:]) -> [ModuleRecord] {
        [
            record("decoder", "Sequential"), record("decoder.0", "Linear"),
            record("decoder.1", "net.Reshape", ["shape": .integers([-1, 4, 7, 7])]),
            transposed("decoder.2", stride: 1, padding: 1),
            record("decoder.3", "LeakyReLU", ["negative_slope": .number(0.1)]),
            transposed("decoder.4", stride: 2, padding: 1), transposed("decoder.5", stride: 2, padding: 0),
            transposed("decoder.6", stride: 1, padding: 0), record("decoder.7", trimming, settings),
            record("decoder.8", "Sigmoid"),
        ]
    }

    @Test("What is trimmed follows from the encoder, stands before the last activation, and is called a guess")
    func trims() throws {
        let model = try SmallDicts.imported(entries, modules("net.Trim"))
        #expect(model.model.architecture.image.extents == [1, 28, 28])
        #expect(model.model.architecture.encoder != nil)
        let layers = SmallDicts.layers(model.model.architecture.decoder)
        #expect(layers.suffix(3).map { $0.prefix(6) } == ["narrow", "narrow", "Sigmoi"])
        #expect(layers.count { $0.hasPrefix("LeakyReLU") } == 1)
        let finding = try #require(model.findings.first { $0.subject == "decoder.7" })
        #expect(finding.certainty == .guessed && finding.value.contains("Trim"))
    }

    @Test("A size among its attributes is taken")
    func sizes() throws {
        let model = try SmallDicts.imported(entries, modules("net.CropTo", ["size": .integers([27, 27])]))
        #expect(model.model.architecture.image.extents == [1, 27, 27])
    }

    @Test("A class whose name says nothing is refused by its name")
    func unknown() {
        #expect {
            try SmallDicts.imported(entries, modules("net.Gadget"))
        } throws: { error in
            (error as? ImportProblem)?.reason.hasPrefix("decoder.7 is of the class Gadget") == true
        }
    }

    @Test("In the encoder it costs the encoder, with a word")
    func encoder() throws {
        let own = [
            record("encoder", "Sequential"), record("encoder.0", "Conv2d"), record("encoder.1", "net.Gadget"),
            record("encoder.2", "Conv2d"),
        ]
        let model = try SmallDicts.imported(entries, modules("net.Trim") + own)
        #expect(model.model.architecture.encoder == nil)
        #expect(model.remarks.contains { $0.contains("an encoder is passed over") && $0.contains("Gadget") })
    }

    @Test(
        "Names and attributes say what such modules do",
        arguments: [
            ("net.UnFlatten", [:], .shaping), ("net.View", ["size": .integers([-1, 4])], .shaping),
            ("net.GaussianNoise", ["std": .number(0.1)], .nothing), ("net.Crop", ["size": .integer(28)], .crop(28)),
            ("net.Trim", [:], .crop(nil)), ("net.CenterCrop", ["size": .integer(28)], .unknown),
            ("net.PixelNorm", [:], .pixelNormalization(epsilon: 1e-8)), ("net.Preview", [:], .unknown),
            ("net.Swish", ["beta": .number(2)], .unknown),
            (
                "net.Swish", [:], .layer(ModuleRecord(className: "torch.nn.SiLU"))
            ),
            ("net.Lambda", ["func": .text("torch.tanh")], .layer(ModuleRecord(className: "torch.nn.Tanh"))),
            (
                "net.Interpolate", ["scale_factor": .integer(4), "mode": .text("bilinear")],
                .layer(
                    ModuleRecord(
                        className: "torch.nn.Upsample",
                        settings: ["scale_factor": .number(4), "mode": .text("bilinear")]))
            ),
            (
                "torch.nn.modules.padding.ReflectionPad2d", ["padding": .integers([1, 1, 1, 1])],
                .layer(
                    ModuleRecord(
                        className: "torch.nn.pad",
                        settings: ["pad": .integers([1, 1, 1, 1]), "mode": .text("reflect")]))
            ),
        ] as [(String, [String: Setting], ModuleMeaning)])
    func meanings(name: String, settings: [String: Setting], meaning: ModuleMeaning) {
        #expect(ModuleRecord(className: name, settings: settings).meaning == meaning)
    }

    @Test("Modules in Sequentials within Sequentials run in their order, and lists have none")
    func order() throws {
        let records = [
            record("d", "Sequential"), record("d.0", "Sequential"), record("d.0.0", "Linear"), record("d.0.1", "ReLU"),
            record("d.1", "net.Reshape"), record("d.2", "Sequential"), record("d.2.0", "Upsample"),
            record("d.2.1", "Conv2d"), record("e", "ModuleList"), record("e.0", "Linear"), record("e.1", "ReLU"),
        ]
        let order = ModuleOrder(
            Dictionary(uniqueKeysWithValues: records.map { ($0.path, $0) }), layers: ["d.0.0", "d.2.1", "e.0"])
        let after = try #require(order.following("d.0.0"))
        #expect(after.records.map(\.path) == ["d.0.1", "d.1", "d.2.0"] && after.end == "d.2.1")
        #expect(order.preceding("d.2.1").map(\.path) == ["d.1", "d.2.0"])
        #expect(order.following("e.0") == nil)
    }
}

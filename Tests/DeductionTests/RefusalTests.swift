import Deduction
import Importing
import Neural
import Testing

@Suite("What is no VAE, and what is known")
struct RefusalTests {
    private func entry(_ name: String, _ extents: Int...) -> StateDict.Entry {
        let count = extents.reduce(1, *)
        return StateDict.Entry(name, Tensor(extents: extents, values: (0..<count).map { Float($0 % 7) / 10 - 0.3 }))
    }

    private func layer(_ name: String, _ outputs: Int, _ inputs: Int) -> [StateDict.Entry] {
        [entry(name + ".weight", outputs, inputs), entry(name + ".bias", outputs)]
    }

    private func problem(_ entries: [StateDict.Entry]) -> String? {
        do {
            _ = try Deduced(StateDict(entries), format: "test").imported()
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("A file without tensors, a classifier and layers of other kinds get a sentence that names the reason")
    func refusals() throws {
        #expect(problem([]) == "the file holds no tensors")
        let classifier = try #require(problem(layer("0", 32, 784) + layer("2", 10, 32)))
        #expect(classifier.contains("it looks like a classifier, not a VAE") && classifier.contains("10 numbers (2)"))
        let recurrent = try #require(problem([entry("lstm.weight_ih_l0", 8, 4)] + layer("fc", 784, 4)))
        #expect(recurrent.contains("lstm is an attention or a recurrent layer"))
        let volume = try #require(problem([entry("conv.weight", 2, 2, 3, 3, 3)]))
        #expect(volume.contains("conv is a convolution of 3 axes"))
        let oblong = try #require(problem([entry("conv.weight", 2, 2, 1, 3)]))
        #expect(oblong.contains("conv has a kernel of 1×3"))
    }

    @Test("An encoder alone is refused, and so is a parametrization that is not known")
    func halves() throws {
        let encoder = layer("encoder.0", 20, 784) + layer("encoder.fc_mu", 2, 20) + layer("encoder.fc_logvar", 2, 20)
        #expect(problem(encoder) == "it holds an encoder alone, which makes no pictures")
        let unnamed = layer("linear1", 20, 784) + layer("linear2", 4, 20) + layer("linear3", 4, 20)
        #expect(problem(unnamed) == "it holds an encoder alone, which makes no pictures")
        let other = [entry("fc.parametrizations.weight.original2", 4, 4), entry("fc.bias", 4)]
        #expect(try #require(problem(other)).contains("parametrization"))
    }

    @Test("A grid of places that a decoder joins to its maps is named")
    func grids() throws {
        let decoder = [entry("dec.0.weight", 1, 10, 3, 3), entry("dec.0.bias", 1), entry("x_grid", 1, 1, 28, 28)]
        #expect(try #require(problem(decoder)).contains("x_grid is a grid of places"))
    }

    @Test("What spreads the pixels is passed over, with a word")
    func spreads() throws {
        let entries =
            layer("enc1", 20, 784) + layer("enc_mu", 2, 20) + layer("enc_logvar", 2, 20) + layer("dec1", 20, 2)
            + layer("dec_mu", 784, 20) + layer("dec_logvar", 784, 20)
        let model = try Deduced(StateDict(entries), format: "test").imported()
        #expect(model.remarks.contains { $0.contains("dec_logvar") })
    }

    @Test("More layers than a network has, and names without an end, are refused at once")
    func floods() throws {
        let many = (0..<2000).map { entry("l\($0).weight", 2, 2) }
        #expect(try #require(problem(many)).contains("2000 layers"))
        #expect(try #require(problem([entry(String(repeating: "a.", count: 4000) + "weight", 2, 2)])).contains("bytes"))
    }

    @Test("Weight normalization that does not fit its weight is refused")
    func badNormalization() {
        #expect(problem([entry("fc.weight_g", 3, 1), entry("fc.weight_v", 4, 2)]) != nil)
        #expect(problem([entry("fc.weight_g", 0), entry("fc.weight_v", 0)]) != nil)
    }

    private var plain: [StateDict.Entry] {
        layer("encoder.0", 20, 784) + layer("mu", 2, 20) + layer("logvar", 2, 20) + layer("decoder.0", 20, 2)
            + layer("decoder.2", 784, 20)
    }

    @Test("What a pickled module says of its layers is known, and nothing is guessed of the decoder")
    func records() throws {
        let dict = StateDict(
            plain,
            modules: [
                "decoder.0": ModuleRecord(className: "Linear"),
                "decoder.1": ModuleRecord(className: "LeakyReLU", settings: ["negative_slope": .number(0.3)]),
                "decoder.2": ModuleRecord(className: "Linear"), "decoder.3": ModuleRecord(className: "Sigmoid"),
            ])
        let model = try Deduced(dict, format: "test").imported()
        let layers = model.model.architecture.decoder.nodes.map { $0.operation.summary(of: []) }
        #expect(layers.contains("LeakyReLU(negative_slope=0.3)"))
        #expect(layers.count { $0 == "Sigmoid" } == 1)
        #expect(model.findings.contains { $0.subject == "output activation" && $0.certainty == .known })
    }

    @Test("Options are known, and the example's layout is inferred")
    func certainty() throws {
        var options = ImportOptions()
        options.activation = .init(nil)
        options.outputActivation = .init(nil)
        let model = try Deduced(StateDict(plain), options: options, format: "test").imported()
        #expect(model.findings.filter { $0.subject.hasSuffix("activation") }.allSatisfy { $0.certainty == .known })
        #expect(!model.model.architecture.decoder.nodes.contains { $0.operation.summary(of: []) == "ReLU" })
        let example =
            layer("fc1", 20, 784) + layer("fc21", 2, 20) + layer("fc22", 2, 20) + layer("fc3", 20, 2)
            + layer("fc4", 784, 20)
        #expect(try !Deduced(StateDict(example), format: "test").imported().isGuessed)
    }

    @Test("A prefix that all names have is taken off and named")
    func prefix() throws {
        let wrapped = plain.map { StateDict.Entry("module.vae." + $0.name, $0.tensor) }
        let model = try Deduced(StateDict(wrapped), format: "test").imported()
        #expect(model.remarks.count { $0.hasPrefix("all names begin with") } == 2)
        #expect(model.model.architecture.latentSize == 2)
    }
}

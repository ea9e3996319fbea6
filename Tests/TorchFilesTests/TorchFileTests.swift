import Importing
import Neural
import Testing

@testable import TorchFiles

@Suite("PyTorch files")
struct TorchFileTests {
    @Test("Tensors are those that PyTorch wrote, in its order", arguments: Fixture.expected.keys.sorted())
    func tensors(name: String) throws {
        let file = try TorchFile.read(Fixture.path(name))
        let expected = try #require(Fixture.expected[name])
        #expect(file.entries.map(\.name) == expected.map(\.name))
        for (entry, wanted) in zip(file.entries, expected) {
            #expect(entry.tensor.extents == wanted.extents, "\(entry.name)")
            #expect(entry.tensor.values == wanted.values.map(Float.init), "\(entry.name)")
        }
    }

    @Test("There are files of each layout")
    func kinds() throws {
        #expect(Fixture.expected.count > 35)
        #expect(try TorchFile.read(Fixture.path("state-2.pt")).kind == .archive)
        #expect(try TorchFile.read(Fixture.path("state-2-stream.pt")).kind == .stream)
        #expect(try TorchFile.read(Fixture.path("traced.pt")).kind == .torchScript)
        #expect(try TorchFile.read(Fixture.path("plain-4.pkl")).kind == .pickle)
        #expect(try TorchFile.read(Fixture.path("state-2.pt")).format == "PyTorch state dict in a zip archive")
        #expect(try TorchFile.read(Fixture.path("module.pt")).format == "PyTorch module in a zip archive")
    }

    @Test(
        "A checkpoint's plain values are hints, its training is passed over",
        arguments: ["checkpoint", "checkpoint-stream"])
    func checkpoint(name: String) throws {
        let file = try TorchFile.read(Fixture.path("\(name).pt"))
        let hints = Dictionary(uniqueKeysWithValues: file.hints.map { ($0.name, $0.value) })
        #expect(hints["epoch"] == .integer(3))
        #expect(hints["args.z_dim"] == .integer(2))
        #expect(hints["args.hidden"] == .integers([8, 4]))
        #expect(hints["args.name"] == .text("small"))
        #expect(hints["args.rate"] == .number(0.5))
        #expect(file.hints.first { $0.word == "z_dim" } != nil)
        #expect(
            file.remarks == [
                "took the tensors of model_state_dict", "passed over ema_state_dict (13 tensors)",
                "passed over the state of the training (optimizer_state_dict)",
            ])
    }

    @Test("Lightning's hyper-parameters are hints")
    func lightning() throws {
        let file = try TorchFile.read(Fixture.path("lightning.pt"))
        let hints = Dictionary(uniqueKeysWithValues: file.hints.map { ($0.name, $0.value) })
        #expect(hints["hyper_parameters.latent_dim"] == .integer(2))
        #expect(hints["hyper_parameters.activation"] == .text("torch.nn.modules.activation.ReLU"))
        #expect(file.remarks.contains("took model. off all names"))
        #expect(file.remarks.contains("passed over the state of the training (callbacks, optimizer_states)"))
    }

    @Test("Copies and other networks beside the model are left out and named")
    func beside() throws {
        let remarks = try TorchFile.read(Fixture.path("beside.pt")).remarks
        #expect(remarks.contains("left out running means of the weights (model_ema., 13 tensors)"))
        #expect(remarks.contains("left out what judges the model (lpips., 1 tensors)"))
    }

    @Test("A pickled module says its layers' settings", arguments: ["module", "module-stream", "module-parallel"])
    func module(name: String) throws {
        let file = try TorchFile.read(Fixture.path("\(name).pt"))
        #expect(
            file.modules.map(\.path) == [
                "", "encoder", "encoder.0", "encoder.1", "encoder.2", "mu", "decoder", "decoder.0", "decoder.1",
                "decoder.2", "decoder.3", "decoder.4", "decoder.5",
            ])
        let modules = Dictionary(uniqueKeysWithValues: file.modules.map { ($0.path, $0) })
        #expect(modules[""]?.settings["latent_dim"] == .integer(2))
        #expect(modules[""]?.settings["activation"] == .text("torch.nn.functional.relu"))
        #expect(modules["decoder.1"]?.kind == "LeakyReLU")
        #expect(modules["decoder.1"]?.settings["negative_slope"] == .number(0.3))
        #expect(modules["decoder.2"]?.settings["unflattened_size"] == .integers([2, 2, 2]))
        #expect(modules["decoder.3"]?.settings["align_corners"] == .boolean(true))
        #expect(modules["decoder.4"]?.className == "torch.nn.modules.conv.ConvTranspose2d")
        #expect(modules["decoder.4"]?.settings["output_padding"] == .integers([1, 1]))
        #expect(modules["decoder.5"]?.kind == "Sigmoid")
    }

    @Test("TorchScript says its layers' settings, as constants or in calls")
    func torchScript() throws {
        let traced = try TorchFile.read(Fixture.path("traced.pt"))
        let modules = Dictionary(uniqueKeysWithValues: traced.modules.map { ($0.path, $0) })
        #expect(modules["decoder.4"]?.className == "torch.nn.modules.conv.ConvTranspose2d")
        #expect(modules["decoder.4"]?.settings["stride"] == .integers([2, 2]))
        #expect(modules["decoder.4"]?.settings["output_padding"] == .integers([1, 1]))
        #expect(modules["decoder.1"]?.settings["negative_slope"] == .number(0.3))
        #expect(modules["decoder.3"]?.settings["mode"] == .text("bilinear"))
        #expect(modules["decoder.3"]?.settings["align_corners"] == .boolean(true))
        let scripted = try TorchFile.read(Fixture.path("scripted.pt"))
        #expect(scripted.modules.map(\.kind) == ["Sequential", "Linear", "LeakyReLU", "Sequential", "Conv2d"])
        #expect(scripted.modules.last?.settings["stride"] == .integers([2, 2]))
        #expect(scripted.modules[2].settings["negative_slope"] == .number(0.3))
    }

    @Test(
        "What is no model is told, in either layout",
        arguments: [
            ("empty", "it holds an empty dictionary, not a model's tensors"),
            ("list", "it holds a list of 2 tensors without names, not a model's tensors"),
            ("tensor", "it holds one tensor, not a model's tensors"),
            ("number", "it holds a number, not a model's tensors"),
            ("training", "it holds the state of a training alone (optimizer.state.0), not a model"),
            ("biases", "it holds tensors, but no weights (a)"),
            ("plain", "it holds a dictionary of 2 (epoch, name), not a model's tensors"),
            ("complex", "the tensor w is complex, which is not supported"),
            ("quantized", "the tensor w is quantized, which is not supported"),
            ("sparse", "the tensor w is sparse, which is not supported"),
            ("meta", "the tensor w is without numbers (on the device meta), which is not supported"),
            ("huge", "the tensor w would make the tensors larger than the file allows"),
        ])
    func others(name: String, reason: String) {
        #expect(problem(Fixture.path("other-\(name).pt"))?.reason == reason)
        #expect(problem(Fixture.path("other-\(name)-stream.pt"))?.reason == reason)
    }
}

import Testing

@testable import TorchFiles

@Suite("Which tensors are the model's")
struct EntrySelectionTests {
    private func entry(_ name: String) -> (name: String, tensor: FoundTensor) {
        (
            name,
            .stored(StoredTensor(source: .storage("0"), type: .float32, offset: 0, extents: [2, 2], strides: [2, 1]))
        )
    }

    private func candidate(_ path: String, _ names: String...) -> Candidate {
        Candidate(path: path.split(separator: "/").map(String.init), entries: names.map(entry))
    }

    @Test(
        "What stands beside a model is left out, what it needs stays",
        arguments: [
            (["vae.fc1.weight", "rnn.weight"], ["fc1.weight"]),
            (["first_stage_model.decoder.weight", "model.unet.weight"], ["decoder.weight"]),
            (["encoder.weight", "decoder.weight", "rnn.weight"], ["encoder.weight", "decoder.weight", "rnn.weight"]),
            (["encoder.weight", "decoder.weight", "loss.discriminator.weight"], ["encoder.weight", "decoder.weight"]),
            (["model.fc.weight", "model.ema.fc.weight"], ["fc.weight"]),
            (["ema.fc.weight"], ["ema.fc.weight"]),
        ] as [([String], [String])])
    func names(given: [String], taken: [String]) {
        let selection = EntrySelection(Candidate(path: [], entries: given.map(entry)))
        #expect(selection.entries.map(\.name) == taken)
    }

    @Test("Of a model that is made to be used by its average, the average is taken, with a word")
    func average() {
        let names = [
            "online_model.fc.weight", "online_model.fc.bias", "ema_model.fc.weight", "ema_model.fc.bias", "step",
        ]
        let selection = EntrySelection(Candidate(path: [], entries: names.map(entry)))
        #expect(selection.entries.map(\.name) == ["fc.weight", "fc.bias"])
        #expect(selection.remarks.contains { $0.contains("running means ema_model.") && $0.contains("online_model.") })
    }

    @Test("The dictionary whose name tells most is the model")
    func choice() throws {
        func chosen(_ candidates: Candidate...) -> String? { CandidateChoice(candidates)?.chosen.label }
        #expect(chosen(candidate("ema/state_dict", "a"), candidate("state_dict", "a")) == "state_dict")
        #expect(chosen(candidate("lstm", "a"), candidate("vae", "a")) == "vae")
        #expect(chosen(candidate("unet", "a", "b"), candidate("best", "a")) == "best")
        #expect(chosen(candidate("optimizer/state/0", "a")) == nil)
        #expect(chosen(candidate("adam/0", "exp_avg", "exp_avg_sq", "step"), candidate("x/y", "a")) == "x.y")
        #expect(chosen(candidate("ema", "a")) == "ema")
        #expect(chosen(candidate("other", "fc.a"), candidate("net", "fc.a")) == "net")
        #expect(chosen(candidate("one", "layer.a"), candidate("two", "decoder.a")) == "two")
    }

    @Test("Halves are joined under their names, whatever stands beside them")
    func halves() throws {
        let choice = try #require(
            CandidateChoice([
                candidate("nets/netE_state_dict", "0.weight"), candidate("nets/netG", "module.0.weight"),
                candidate("nets/netD", "0.weight"), candidate("nets/ema_netG", "0.weight"),
            ]))
        #expect(choice.chosen.path == ["nets"])
        #expect(choice.chosen.entries.map(\.name) == ["netE.0.weight", "netG.0.weight"])
        let named = try #require(
            CandidateChoice([candidate("encoder", "encoder.0.weight"), candidate("decoder", "decoder.0.weight")]))
        #expect(named.chosen.entries.map(\.name) == ["encoder.0.weight", "decoder.0.weight"])
    }
}

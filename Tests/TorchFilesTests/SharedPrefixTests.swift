import Testing

@testable import TorchFiles

@Suite("Prefixes that all names share")
struct SharedPrefixTests {
    @Test(
        "Wrappers' and holders' names are taken off, halves of models are not",
        arguments: [
            (["module.fc1.weight", "module.fc1.bias"], ["fc1.weight", "fc1.bias"], ["module."]),
            (["module._orig_mod.vae.fc.weight"], ["fc.weight"], ["_orig_mod.", "module.", "vae."]),
            (["a._orig_mod.w", "b.w"], ["a.w", "b.w"], ["_orig_mod."]),
            (["a._orig_mod.w", "a.w"], ["a._orig_mod.w", "a.w"], []),
            (["model.a", "other.b"], ["model.a", "other.b"], []),
            (["decoder.0.weight", "decoder.2.weight"], ["decoder.0.weight", "decoder.2.weight"], []),
            (["vae_decoder.0.weight"], ["vae_decoder.0.weight"], []),
            (["beta_vae.0.weight"], ["0.weight"], ["beta_vae."]),
            (["autoencoder.enc.weight"], ["enc.weight"], ["autoencoder."]),
            (["model.", "model.a"], ["model.", "model.a"], []),
            ([], [], []), (["weight"], ["weight"], []),
        ] as [([String], [String], [String])])
    func removed(names: [String], rest: [String], prefixes: [String]) {
        let shared = SharedPrefix.removed(from: names)
        #expect(shared.names == rest)
        #expect(shared.prefixes == prefixes)
    }
}

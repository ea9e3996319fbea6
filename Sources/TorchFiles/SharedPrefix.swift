/// Prefixes that all names of a state dict share and that say nothing: those of wrappers (`module.` of DataParallel,
/// `_orig_mod.` of compiled modules), and of the attribute under which a training module keeps its model (`model.`).
public struct SharedPrefix: Sendable {
    /// The names without them.
    public let names: [String]
    /// What was taken off, in order: `["module.", "vae."]`.
    public let prefixes: [String]

    private static let known: Set<String> = [
        "module", "_orig_mod", "model", "net", "network", "ae", "_forward_module", "ema_model", "generator",
        "state_dict",
        "_model", "online_model", "student", "self", "first_stage_model", "wrapped", "_module",
    ]

    /// Takes off what all names share; names that would become empty or equal keep it.
    public static func removed(from names: [String]) -> SharedPrefix {
        var (names, prefixes) = (names, [String]())
        while let first = names.first, let dot = first.firstIndex(of: ".") {
            let word = first[..<dot]
            guard isEmptyWord(word) else { break }
            let prefix = word + "."
            guard names.allSatisfy({ $0.hasPrefix(prefix) && $0.utf8.count > prefix.utf8.count }) else { break }
            names = names.map { String($0.dropFirst(prefix.count)) }
            prefixes.append(String(prefix))
        }
        return SharedPrefix(names: names, prefixes: prefixes)
    }

    /// Whether a word says no more than that a model follows. Halves of models are never taken off.
    private static func isEmptyWord(_ word: Substring) -> Bool {
        let lower = word.lowercased()
        if known.contains(lower) { return true }
        if lower.contains("autoencoder") { return true }
        if lower.contains("enc") || lower.contains("dec") { return false }
        return lower.contains("vae") || lower.hasSuffix("_model")
    }

    /// Modules at their paths without the prefixes; what stood above is left out.
    func moved(_ modules: [ModuleRecord]) -> [ModuleRecord] {
        let prefix = prefixes.joined()
        guard !prefix.isEmpty else { return modules }
        return modules.compactMap { module in
            var module = module
            guard (module.path + ".").hasPrefix(prefix) else { return nil }
            module.path = String(module.path.dropFirst(prefix.count))
            return module
        }
    }
}

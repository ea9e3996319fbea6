import Files
import Importing

/// What names of a state dict have in common and says nothing: the words of wrappers (`module.` of DataParallel,
/// `_orig_mod.` of compiled modules), and of the attribute under which a training module keeps its model (`model.`).
public struct SharedPrefix: Sendable {
    /// The names without them.
    public let names: [String]
    /// What was taken off, in order: `["module.", "vae."]`.
    public let prefixes: [String]

    /// Words that wrappers put into names wherever they stand.
    private static let wrappers: Set<Substring> = [
        "_orig_mod", "_forward_module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module",
    ]
    private static let holders: Set<String> = [
        "module", "model", "net", "network", "ae", "ema_model", "generator", "state_dict", "online_model", "student",
        "self",
        "wrapped", "_module",
    ]

    private static let mostPrefixes = 16

    /// Takes off what all names share; a name that would become empty keeps it, and so do all others.
    public static func removed(from names: [String]) -> SharedPrefix {
        var (names, prefixes) = (names, [String]())
        if let (unwrapped, words) = unwrapped(names) { (names, prefixes) = (unwrapped, words) }
        while prefixes.count < mostPrefixes, let first = names.first, let dot = first.firstIndex(of: ".") {
            let word = first[..<dot]
            guard isEmptyWord(word) else { break }
            let prefix = word + "."
            guard names.allSatisfy({ $0.hasPrefix(prefix) && $0.utf8.count > prefix.utf8.count }) else { break }
            names = names.map { String($0.dropFirst(prefix.count)) }
            prefixes.append(String(prefix))
        }
        return SharedPrefix(names: names, prefixes: prefixes)
    }

    /// What was taken off, in a clause; nil where nothing was.
    public var remark: String? { prefixes.isEmpty ? nil : "took \(prefixes.joined().printable) off all names" }

    /// A path of modules without the same words; nil for what stands above.
    func moved(_ path: String) -> String? {
        var words = path.split(separator: ".")[...]
        for prefix in prefixes where !Self.wrappers.contains(prefix.dropLast()) {
            words = words.drop { Self.wrappers.contains($0) }
            guard words.first == prefix.dropLast() else { return nil }
            words.removeFirst()
        }
        if let last = path.split(separator: ".").last, Self.wrappers.contains(last) { return nil }
        return words.filter { !Self.wrappers.contains($0) }.joined(separator: ".")
    }

    /// Modules at their paths without the prefixes; what stood above is left out, and so are wrappers.
    func moved(_ modules: [ModuleRecord]) -> [ModuleRecord] {
        guard !prefixes.isEmpty else { return modules }
        return modules.compactMap { module in
            var module = module
            guard let path = moved(module.path) else { return nil }
            module.path = path
            return module
        }
    }

    /// Names without wrappers' words; nil where there are none, or where names would become the same.
    private static func unwrapped(_ names: [String]) -> (names: [String], words: [String])? {
        var met: [String] = []
        let bare = names.map { name in
            let words = name.split(separator: ".", omittingEmptySubsequences: false)
            for word in words where wrappers.contains(word) && !met.contains(word + ".") { met.append(word + ".") }
            return words.filter { !wrappers.contains($0) }.joined(separator: ".")
        }
        return !met.isEmpty && Set(bare).count == Set(names).count ? (bare, met) : nil
    }

    /// Whether a word says no more than that a model follows. Halves of models are never taken off.
    private static func isEmptyWord(_ word: Substring) -> Bool {
        let lower = word.lowercased()
        if holders.contains(lower) || PathWords.isWhole(lower) { return true }
        return PathWords.half(lower) == nil && lower.hasSuffix("_model")
    }
}

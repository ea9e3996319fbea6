/// What the names on the way to a dictionary of tensors, or the first words of tensors' names, say of it.
enum PathWords {
    /// Words of a kind: some wherever they stand within a name, some only between its signs.
    private struct Kind {
        let stems: [String]
        let words: Set<Substring>

        func isMet(in name: String) -> Bool {
            let name = name.lowercased()
            return stems.contains { name.contains($0) } || name.splitWords.contains { words.contains($0) }
        }
    }

    private static let training = Kind(
        stems: ["optim", "sched", "exp_avg", "momentum_buffer", "rng_state", "random_state", "callback", "scaler"],
        words: ["loops", "opt", "amp", "rng"])
    /// What judges a model while it is trained.
    private static let judge = Kind(
        stems: ["discriminator", "critic", "lpips", "perceptual", "criterion"],
        words: ["loss", "disc", "vgg", "netd", "metrics", "metric", "history", "teacher"])
    /// Models of other kinds, which decode nothing.
    private static let beside = Kind(
        stems: ["classifier", "lstm", "controller", "reward", "unet"], words: ["rnn", "mdn", "mdnrnn", "clip", "text"])
    /// Copies whose weights are running means.
    private static let average = Kind(stems: ["averag", "shadow", "polyak"], words: ["ema", "swa", "target"])
    private static let whole = Kind(stems: ["vae", "autoencoder", "first_stage_model"], words: ["ae"])

    /// Names under which models lie, the most telling first.
    private static let usual = [
        "state_dict", "model_state_dict", "model_state", "model_dict", "net_state_dict", "model", "net", "network",
        "module",
        "weights", "params", "parameters", "generator", "best_model",
    ]

    static func isTraining(_ path: [String]) -> Bool { path.contains(where: training.isMet) }

    static func isJudge(_ path: [String]) -> Bool { path.contains(where: judge.isMet) }

    static func isBeside(_ path: [String]) -> Bool { path.contains(where: beside.isMet) || isJudge(path) }

    static func isAverage(_ path: [String]) -> Bool { path.contains(where: average.isMet) }

    /// Whether a name speaks of a whole autoencoder, and not of half of one.
    static func isWhole(_ name: String) -> Bool { whole.isMet(in: name) && half(name) == nil }

    /// A smaller number for a path that tells more.
    static func rank(_ path: [String]) -> Int {
        if path.contains(where: isWhole) { return 0 }
        return path.last.flatMap { usual.firstIndex(of: $0.lowercased()) }.map { $0 + 1 } ?? usual.count + 1
    }

    enum Half { case encoder, decoder }

    /// Which half of a model a name speaks of.
    static func half(_ name: String) -> Half? {
        let name = name.lowercased()
        let words = name.splitWords
        if name.contains("autoencoder") { return nil }
        if name.hasPrefix("enc") || name.contains("encoder") || words.first == "e" || words.contains("nete") {
            return .encoder
        }
        if name.hasPrefix("dec") || name.contains("decoder") || ["d", "g"].contains(words.first)
            || words.contains("netg")
        {
            return .decoder
        }
        return nil
    }

    /// A name without what only says that it is a dictionary: `encoder` of `encoder_state_dict`.
    static func bare(_ name: String) -> String {
        for ending in ["_state_dict", "_model_state", "_state", "_dict", "_params", "_weights", "_model"]
        where name.hasSuffix(ending) && name.count > ending.count {
            return String(name.dropLast(ending.count))
        }
        return name
    }
}

extension String {
    /// What stands between signs: `ema`, `model` of `ema_model`.
    fileprivate var splitWords: [Substring] { split { !$0.isLetter && !$0.isNumber } }
}

/// What the names on the way to a dictionary of tensors say of it.
enum PathWords {
    /// Words of what a training keeps beside its model.
    private static let training = [
        "optim", "sched", "scaler", "exp_avg", "momentum_buffer", "rng_state", "random_state", "lr_", "callbacks",
        "loops",
        "loss", "metric", "history", "grad", "adam", "amp",
    ]
    /// Words of models that stand beside the one that decodes.
    private static let beside = [
        "disc", "critic", "lpips", "perceptual", "vgg", "classifier", "teacher", "criterion", "netd", "d_state", "lstm",
        "rnn", "controller", "reward", "clip",
    ]
    /// Words of copies whose weights are running means.
    private static let averages = ["ema", "swa", "averag", "shadow", "polyak", "target"]
    /// Names under which models lie, the most telling first.
    private static let usual = [
        "state_dict", "model_state_dict", "model_state", "model_dict", "net_state_dict", "model", "net", "network",
        "module",
        "weights", "params", "parameters", "generator", "best_model",
    ]

    static func isTraining(_ path: [String]) -> Bool { contains(path, training) }

    static func isBeside(_ path: [String]) -> Bool { contains(path, beside) }

    static func isAverage(_ path: [String]) -> Bool { contains(path, averages) }

    /// A smaller number for a name that tells more.
    static func rank(_ path: [String]) -> Int {
        let words = path.map { $0.lowercased() }
        if words.contains(where: { $0.contains("vae") || $0.contains("autoencoder") }) { return 0 }
        return words.last.flatMap(usual.firstIndex).map { $0 + 1 } ?? usual.count + 1
    }

    /// Which half of a model a name speaks of.
    static func half(_ name: String) -> Half? {
        let word = name.lowercased()
        if ["e", "enc", "nete", "e_state_dict"].contains(word) || word.hasPrefix("enc") || word.contains("encoder") {
            return word.contains("autoencoder") ? nil : .encoder
        }
        if ["d", "dec", "netg", "g", "g_state_dict"].contains(word) || word.hasPrefix("dec") || word.contains("decoder")
        {
            return .decoder
        }
        return nil
    }

    enum Half { case encoder, decoder }

    /// A name without what only says that it is a dictionary: `encoder` of `encoder_state_dict`.
    static func bare(_ name: String) -> String {
        for ending in ["_state_dict", "_model_state", "_state", "_dict", "_params", "_weights", "_model"]
        where name.hasSuffix(ending) && name.count > ending.count {
            return String(name.dropLast(ending.count))
        }
        return name
    }

    private static func contains(_ path: [String], _ words: [String]) -> Bool {
        path.contains { name in
            let name = name.lowercased()
            return words.contains { word in word.count > 3 ? name.contains(word) : name.splitWords.contains(word[...]) }
        }
    }
}

extension String {
    /// What stands between signs: `ema`, `model` of `ema_model`.
    var splitWords: [Substring] { split { !$0.isLetter && !$0.isNumber } }
}

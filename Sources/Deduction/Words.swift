/// The few words that authors make their layers' names of, and what each speaks for.
enum Words {
    /// A path's components, each as lower-case words and numbers: `enc_conv1.bn2d` → `[[enc, conv, 1], [bn, 2, d]]`.
    static func split(_ path: String) -> [[String]] {
        path.split(separator: ".").map { words(in: $0) }
    }

    private static func words(in component: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var last: Character?
        func isNew(_ character: Character) -> Bool {
            guard let last else { return false }
            if character.isNumber != last.isNumber { return true }
            return character.isUppercase && last.isLowercase
        }
        for character in component {
            guard character.isLetter || character.isNumber else {
                if !word.isEmpty { words.append(word) }
                (word, last) = ("", nil)
                continue
            }
            if isNew(character), !word.isEmpty {
                words.append(word)
                word = ""
            }
            word += character.lowercased()
            last = character
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    static let encoder: Set<String> = [
        "enc", "encoder", "encode", "encoders", "encoding", "inference", "recognition", "recog", "down", "downs",
        "downsample",
        "inf", "qnet", "encoderblock", "convenc", "fcenc", "econv", "efc", "infer", "backbone", "q",
    ]
    static let decoder: Set<String> = [
        "dec", "decoder", "decode", "decoders", "decoding", "generator", "gen", "generative", "generate", "deconv",
        "deconvs", "convt", "convtrans", "convtranspose", "upconv", "upsample", "up", "ups", "tconv", "transconv",
        "trans", "transpose", "transposed", "unconv", "dconv", "output", "out", "recon", "reconstruct",
        "reconstruction", "final", "pnet", "convdec", "fcdec", "dfc", "ct", "unflatten", "decov", "deconvolution",
        "decfc", "netg", "p",
    ]
    static let other: Set<String> = [
        "disc", "discriminator", "critic", "classifier", "clf", "netd", "vgg", "lpips", "perceptual", "loss", "aux",
        "regressor", "predictor", "teacher", "optimizer", "prior", "flow", "flows", "discrim",
    ]
    static let mean: Set<String> = ["mu", "mean", "means", "loc", "mus", "mhu"]
    static let width: Set<String> = [
        "logvar", "logvars", "var", "vars", "variance", "sigma", "sigmas", "std", "stddev", "scale", "lv", "logv",
        "logsigma",
        "logstd", "stdev", "sig", "sd", "logsig", "lvar", "lnvar", "logscale", "cov", "logvariance", "logcov", "lsigma",
        "vari",
    ]
    static let label: Set<String> = [
        "label", "labels", "embed", "embedding", "emb", "embeddings", "class", "classes", "cond", "condition", "y",
        "cls", "lbl",
    ]
    static let transposed: Set<String> = [
        "deconv", "deconvs", "convt", "convtrans", "convtranspose", "upconv", "tconv", "transconv", "trans",
        "transpose",
        "transposed", "unconv", "dconv", "ct", "upsample", "decov", "deconvolution",
    ]
    static let residual: Set<String> = [
        "res", "resblock", "residual", "resblocks", "resnet", "resid", "residuals", "rb",
    ]
    static let shortcut: Set<String> = [
        "shortcut", "skip", "downsample", "identity", "bypass", "residual", "adjust", "proj", "projection",
    ]
    static let activation: Set<String> = ["act", "activation", "relu", "prelu", "nonlinearity", "nonlin"]

    /// Which half a path speaks for: the outermost component that says something, by its first such word.
    static func half(_ path: String) -> Half? {
        for component in split(path) {
            // `t_conv1` says the same as `tconv1`.
            for word in component + [component.filter { Int($0) == nil }.joined()] {
                if other.contains(word) { return .other }
                if decoder.contains(word) { return .decoder }
                if encoder.contains(word) { return .encoder }
            }
        }
        return nil
    }

    /// Whether the last component that is not a number has a word of some set, or the words joined are one.
    static func speaks(_ path: String, for set: Set<String>) -> Bool {
        let named = split(path).filter { $0.contains { Int($0) == nil } }
        // `mu.linear` says what `mu` says.
        guard let component = named.last(where: { $0 != ["linear"] }) ?? named.last else { return false }
        let letters = component.filter { Int($0) == nil }
        return letters.contains(where: set.contains) || set.contains(letters.joined())
    }

    /// The last number in a path's last component: 21 of `fc21`, 3 of `decoder.3`.
    static func number(_ path: String) -> Int? {
        split(path).last?.reversed().lazy.compactMap { Int($0) }.first
    }
}

/// What a layer is part of.
enum Half: Hashable, Sendable {
    case encoder, decoder
    /// A discriminator, a classifier, a loss.
    case other
}

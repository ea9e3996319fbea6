/// Which column or tag is which curve: named by the user, or guessed from the names that are usual.
public struct CurveNaming: Hashable, Sendable {
    /// Names that were given; a curve with a name is taken from nothing else.
    public var given: [CurveKind: String]

    public init(_ given: [CurveKind: String] = [:]) { self.given = given }

    /// What a name was taken for.
    struct Match: Hashable {
        var kind: CurveKind
        /// How well the name fits; the best one of a kind is taken.
        var score: Int
        /// Whether it is an ELBO, which is a loss when its sign is turned.
        var isELBO = false
    }

    func match(_ name: String) -> Match? {
        if let kind = given.first(where: { $0.value == name })?.key { return Match(kind: kind, score: 100) }
        guard let guess = CurveNaming.guess(name), given[guess.kind] == nil else { return nil }
        return guess
    }

    /// The curve that a name usually stands for: `train/negative_elbo`, `val_loss`, `loss/kl`, `lr-Adam`.
    static func guess(_ name: String) -> Match? {
        let words = Words(name)
        if words.has("lr", "learningrate") || words.hasRow("learning", "rate") { return plain(.learningRate, words) }
        if words.has("beta") || words.has("kl", "kld") && words.has("weight", "coefficient", "anneal", "annealing") {
            return words.has("adam") ? nil : plain(.beta, words)
        }
        if words.has("ips", "throughput") || words.hasRow("per", "second") || words.hasRow("per", "sec") {
            return plain(.imagesPerSecond, words)
        }
        let isValidation = words.has("val", "valid", "validation", "test", "eval", "evaluation", "dev")
        if words.has("kl", "kld", "dkl", "kldiv", "kldivergence", "klloss") {
            return Match(kind: isValidation ? .validationKL : .trainKL, score: words.score + 20)
        }
        if words.has("reconstruction", "recon", "recons", "rec", "reconloss", "bce", "nll", "mse") {
            return Match(
                kind: isValidation ? .validationReconstruction : .trainReconstruction, score: words.score + 20)
        }
        if words.has("objective", "weighted") { return plain(.objective, words) }
        let kind = isValidation ? CurveKind.validationLoss : .trainLoss
        if words.has("nelbo") || words.has("elbo") && words.has("negative", "neg", "minus", "loss") {
            return Match(kind: kind, score: words.score + 40)
        }
        if words.has("elbo") { return Match(kind: kind, score: words.score + 40, isELBO: true) }
        if words.has("loss", "cost") { return Match(kind: kind, score: words.score + 20) }
        return nil
    }

    private static func plain(_ kind: CurveKind, _ words: Words) -> Match { Match(kind: kind, score: words.score + 20) }
}

/// A name taken apart at everything that is no letter or digit, and where a capital follows a small letter.
private struct Words {
    private let list: [String]

    init(_ name: String) {
        var list: [String] = []
        var word = ""
        var previous: Character = " "
        for character in name.prefix(200) {
            let begins = character.isUppercase && previous.isLowercase
            if begins || !(character.isLetter || character.isNumber), !word.isEmpty {
                list.append(word.lowercased())
                word = ""
            }
            if character.isLetter || character.isNumber { word.append(character) }
            previous = character
        }
        if !word.isEmpty { list.append(word.lowercased()) }
        self.list = list
    }

    func has(_ words: String...) -> Bool { list.contains { words.contains($0) } }

    func hasRow(_ first: String, _ second: String) -> Bool {
        zip(list, list.dropFirst()).contains { $0 == (first, second) }
    }

    /// Fewer words say it plainer; of a curve by steps and the same by epochs the first shows more.
    var score: Int { max(0, 10 - list.count) + (has("step") ? 1 : 0) - (has("epoch") ? 1 : 0) }
}

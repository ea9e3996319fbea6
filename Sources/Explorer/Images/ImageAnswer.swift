import Cells
import Latent

/// Whose answer the Images view shows: the encoder's, a refined one or the exact one.
extension ImagesView {
    /// Takes the next answer that this model has, and says so; what it has not is passed over with a word.
    mutating func cycleInference(_ shared: inout Shared) -> [Effect] {
        let all = InferenceMethod.allCases
        let now = all.firstIndex(of: inference) ?? 0
        let following = (1...all.count).map { all[(now + $0) % all.count] }
        guard let next = following.first(where: { isAnswered($0, shared) }) else { return [] }
        if let missing = shared.model.missingNats {
            shared.note(missing)
            return []
        }
        let passed = following.prefix { $0 != next }
        inference = next
        shared.note(word(of: next, passing: Array(passed), shared))
        return wantsPosterior ? [] : dropPosterior()
    }

    /// Takes an answer where this model has it; else the encoder's.
    mutating func takeInference(_ method: InferenceMethod, _ shared: Shared) {
        inference = isAnswered(method, shared) ? method : .encoder
    }

    private func isAnswered(_ method: InferenceMethod, _ shared: Shared) -> Bool {
        switch method {
        case .encoder: true
        case .refined: method.isPossible(latents: shared.model.latentCount) && shared.model.missingNats == nil
        case .exact: shared.model.takesPosteriors && !posterior.isUnavailable
        }
    }

    private func word(of method: InferenceMethod, passing passed: [InferenceMethod], _ shared: Shared) -> String {
        switch method {
        case .refined: return "refined: three steps from the encoder's answer uphill"
        case .exact: return "exact: where the posterior is densest on all of the plane"
        case .encoder:
            guard !passed.isEmpty else { return "the encoder's answer" }
            if passed.contains(.refined) {
                return
                    "the encoder's answer alone: others are for up to \(InferenceMethod.mostRefinedLatents) latents"
            }
            return shared.model.takesPosteriors
                ? "the encoder's answer: this model has no exact posterior"
                : "the encoder's answer: exact posteriors are for two latents"
        }
    }

    /// Whether the exact posterior is looked for: to be seen as a map, or as the answer.
    var wantsPosterior: Bool { posterior.isShown || inference == .exact }

    /// Nothing exact comes of this model: the encoder's answer is there instead.
    mutating func leaveExactAnswer(_ shared: inout Shared) {
        guard inference == .exact, posterior.isUnavailable else { return }
        inference = .encoder
        shared.note("the encoder's answer: this model has no exact posterior")
    }

    /// A pane's title with whose answer it shows; the encoder's goes without saying.
    static func title(_ title: String, by method: InferenceMethod?) -> String {
        guard let method, method != .encoder else { return title }
        return "\(title), \(method.rawValue)"
    }

    /// What the plane shows of the image: a map of the exact posterior, somebody's ellipse, or both.
    ///
    /// - Parameter columns: the room from border to border.
    func planeTitle(columns: Int, _ shared: Shared) -> String {
        let forms: [String]
        if posterior.isShown, shared.model.takesPosteriors {
            forms = inference == .refined ? ["exact and refined posterior", "exact, refined"] : ["exact posterior"]
        } else {
            forms = [Self.title("posterior", by: inference), inference == .encoder ? "posterior" : inference.rawValue]
        }
        return forms.first { $0.count + 2 <= columns - 2 } ?? forms[forms.count - 1]
    }
}

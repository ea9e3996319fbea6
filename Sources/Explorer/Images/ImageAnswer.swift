import Cells
import Latent

/// Whose answer the Images view shows: the encoder's, a refined one or the exact one.
extension Shared {
    var imagesInference: InferenceMethod { self[ImagesView.self].inference }

    /// Takes the next answer that this model has, and says so; what it has not is passed over with a word.
    mutating func cycleInference() -> [Effect] {
        let all = InferenceMethod.allCases
        let now = all.firstIndex(of: imagesInference) ?? 0
        let following = (1...all.count).map { all[(now + $0) % all.count] }
        guard let next = following.first(where: isAnswered) else { return [] }
        if let missing = model.missingNats {
            note(missing)
            return []
        }
        let passed = following.prefix { $0 != next }
        changeImages { $0.inference = next }
        note(word(of: next, passing: Array(passed)))
        return wantsPosterior ? [] : dropPosterior()
    }

    /// Takes an answer where this model has it; else the encoder's.
    mutating func takeInference(_ method: InferenceMethod) {
        let taken = isAnswered(method) ? method : .encoder
        changeImages { $0.inference = taken }
    }

    private func isAnswered(_ method: InferenceMethod) -> Bool {
        switch method {
        case .encoder: true
        case .refined: method.isPossible(latents: model.latentCount) && model.missingNats == nil
        case .exact: takesPosteriors && !self[ImagesView.self].posterior.isUnavailable
        }
    }

    private func word(of method: InferenceMethod, passing passed: [InferenceMethod]) -> String {
        switch method {
        case .refined: return "refined: three steps from the encoder's answer uphill"
        case .exact: return "exact: where the posterior is densest on all of the plane"
        case .encoder:
            guard !passed.isEmpty else { return "the encoder's answer" }
            if passed.contains(.refined) {
                return
                    "the encoder's answer alone: others are for up to \(InferenceMethod.mostRefinedLatents) latents"
            }
            return takesPosteriors
                ? "the encoder's answer: this model has no exact posterior"
                : "the encoder's answer: exact posteriors are for two latents"
        }
    }

    /// Whether the exact posterior is looked for: to be seen as a map, or as the answer.
    var wantsPosterior: Bool {
        let own = self[ImagesView.self]
        return own.posterior.isShown || own.inference == .exact
    }

    /// Nothing exact comes of this model: the encoder's answer is there instead.
    mutating func leaveExactAnswer() {
        guard imagesInference == .exact, self[ImagesView.self].posterior.isUnavailable else { return }
        changeImages { $0.inference = .encoder }
        note("the encoder's answer: this model has no exact posterior")
    }

    /// A pane's title with whose answer it shows; the encoder's goes without saying.
    static func title(_ title: String, by method: InferenceMethod?) -> String {
        guard let method, method != .encoder else { return title }
        return "\(title), \(method.rawValue)"
    }

    /// What the plane shows of the image: a map of the exact posterior, somebody's ellipse, or both.
    ///
    /// - Parameter columns: the room from border to border.
    func imagesPlaneTitle(columns: Int) -> String {
        let method = imagesInference
        let forms: [String]
        if self[ImagesView.self].posterior.isShown, takesPosteriors {
            forms = method == .refined ? ["exact and refined posterior", "exact, refined"] : ["exact posterior"]
        } else {
            forms = [Self.title("posterior", by: method), method == .encoder ? "posterior" : method.rawValue]
        }
        return forms.first { $0.count + 2 <= columns - 2 } ?? forms[forms.count - 1]
    }
}

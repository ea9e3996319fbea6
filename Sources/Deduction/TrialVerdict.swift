import Importing

/// What a trial can say something about.
enum TrialSubject: CaseIterable {
    case activation, map, encoderActivation, output, pixelRange, heads, label, groups, decoderSizes, encoderSizes

    /// What an answer says about it.
    fileprivate func answer(_ hypothesis: Hypothesis) -> [AnyHashable] {
        switch self {
        case .activation: [hypothesis.activation]
        case .map: [hypothesis.activatesMap]
        case .encoderActivation:
            [hypothesis.encoderActivation, hypothesis.activatesHeads, hypothesis.activatesLatents]
        case .output: [hypothesis.output]
        case .pixelRange: [hypothesis.pixelRange]
        case .heads: [hypothesis.swapsHeads]
        case .label: [hypothesis.isLabelFirst]
        case .groups: [hypothesis.groups]
        case .decoderSizes:
            [hypothesis.sizes.decoder, hypothesis.sizes.latentMap, hypothesis.sizes.image, hypothesis.isBilinear]
        case .encoderSizes: [hypothesis.sizes.encoder]
        }
    }

    /// Whether two answers are ReLU and the slope next to it.
    fileprivate func hardlyDiffers(_ one: Hypothesis, _ other: Hypothesis) -> Bool {
        switch self {
        case .activation: Activations.hardlyDiffer(one.activation, other.activation)
        case .encoderActivation: Activations.hardlyDiffer(one.encoderActivation, other.encoderActivation)
        default: false
        }
    }
}

/// How sure a trial has made each answer of the best hypothesis.
struct TrialVerdict {
    private var certainties: [TrialSubject: Certainty] = [:]
    /// What another answer does as well on as the best one, or no answer does well on.
    private var contested: Set<TrialSubject> = []

    /// Of a trial in which nothing did well.
    init(contesting subjects: Set<TrialSubject>) { contested = subjects }

    init(_ search: TrialSearch, best: TrialSearch.Attempt) {
        contested = Set(TrialSubject.allCases.filter { search.contests($0, best) })
        // What was not asked might have changed any of the answers; points alone never settle one.
        guard search.isComplete, search.knowsPictures, let pictures = best.scores.pictures else { return }
        for subject in TrialSubject.allCases {
            let answer = subject.answer(best.hypothesis)
            let others = search.attempts.filter { subject.answer($0.hypothesis) != answer }
            let isClear = others.allSatisfy { other in
                // What is usual orders answers, and settles none.
                let next = other.scores.pictures
                return best.value - other.value >= TrialBounds.clearMargin
                    && TrialBounds.isClear(
                        value: pictures.value - (next?.value ?? -.infinity),
                        correlation: pictures.correlation - (next?.correlation ?? -.infinity))
            }
            let next = others.max { $0.value < $1.value }
            certainties[subject] =
                isClear ? .tried(best: best.correlation, runnerUp: next?.correlation) : .guessed
        }
    }

    func certainty(of subject: TrialSubject) -> Certainty { certainties[subject] ?? .guessed }

    /// Whether the trial speaks against taking an answer from a layout's names alone: another one does as well.
    func contests(_ subject: TrialSubject) -> Bool { contested.contains(subject) }
}

extension TrialSearch {
    /// A correlation of reconstructions below which pictures may be of another kind than those that were learned from, so
    /// that what a model does with its own counts too.
    private static let strange = 0.6

    /// Whether another answer does as well as the best one, what is usual left out of account.
    fileprivate func contests(_ subject: TrialSubject, _ best: Attempt) -> Bool {
        let answer = subject.answer(best.hypothesis)
        let pictures = knowsPictures ? best.scores.pictures : nil
        return attempts.contains { other in
            // No trial tells ReLU from the slope next to it: there the names decide.
            guard subject.answer(other.hypothesis) != answer,
                !subject.hardlyDiffers(other.hypothesis, best.hypothesis)
            else { return false }
            if let pictures, let score = other.scores.pictures,
                score.value > pictures.value - TrialBounds.clearMargin
            {
                return true
            }
            guard (pictures?.correlation ?? 0) < TrialSearch.strange, let own = best.scores.points,
                let score = other.scores.points
            else { return false }
            return score.value > own.value + TrialBounds.clearMargin
        }
    }
}

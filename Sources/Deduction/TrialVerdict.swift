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
}

/// How sure a trial has made each answer of the best hypothesis.
struct TrialVerdict {
    private let certainties: [TrialSubject: Certainty]

    /// Of answers that pictures did not settle.
    static let open = TrialVerdict(certainties: [:])

    private init(certainties: [TrialSubject: Certainty]) { self.certainties = certainties }

    init(_ search: TrialSearch, best: TrialSearch.Attempt) {
        // What was not asked might have changed any of the answers; points alone never settle one.
        guard search.isComplete, search.knowsPictures, let pictures = best.scores.pictures else {
            self = .open
            return
        }
        var certainties: [TrialSubject: Certainty] = [:]
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
        self.init(certainties: certainties)
    }

    func certainty(of subject: TrialSubject) -> Certainty { certainties[subject] ?? .guessed }
}

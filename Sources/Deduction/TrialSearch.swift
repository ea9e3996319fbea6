import Importing
import Neural
import VAE

/// Tries answers, one question after the other, and keeps what was found.
struct TrialSearch {
    struct Attempt {
        let hypothesis: Hypothesis
        let scores: Trial.Scores
        /// What speaks against the answer beforehand.
        let surprise: Double
        /// What answers are ordered by: the scores less the surprise.
        var value = 0.0
        /// The correlation that its certainty gives.
        var correlation = 0.0
    }

    /// Of how many of the best answers questions are asked: more in each round.
    private static let rounds = 1...4
    /// How much what is usual counts beside points alone, in nats: another activation has to halve their error.
    private static let weightOfUsual = 35.0

    let deduction: Deduction
    let trial: Trial
    private(set) var attempts: [Attempt] = []
    private var budget: TrialBudget
    private var seen: Set<Hypothesis> = []
    /// Answers that make no difference to a file make the same networks.
    private var tried: Set<Architecture> = []
    /// Whether the pictures are of the kind that the model was trained on.
    private(set) var knowsPictures = false
    /// Whether every question was asked of the best answer, and none found a better one.
    private(set) var isComplete = false
    /// Whether nobody waits for the answer any more.
    private(set) var isAbandoned = false

    init(deduction: Deduction, trial: Trial, budget: TrialBudget) {
        (self.deduction, self.trial, self.budget) = (deduction, trial, budget)
    }

    var best: Attempt? { attempts.max { $0.value < $1.value } }

    mutating func run(_ isOver: () -> Bool) {
        let evidence = deduction.evidence
        let least = deduction.sizes[0].cost
        let plausible = deduction.sizes.filter { $0.encoder != nil && $0.cost < least + 3 }
        attempt(starts(plausible).map { evidence.first($0) }, isOver)
        // Questions depend on each other.
        for width in TrialSearch.rounds {
            let before = best?.hypothesis
            for question in TrialQuestion.allCases {
                for start in leaders(max(width, question.leaders)) {
                    attempt(question.variants(start, deduction), isOver)
                }
                if isAbandoned || budget.isSpent { return }
            }
            isComplete = best?.hypothesis == before
            if isComplete, width > 1 { return }
        }
    }

    /// What is tried first: the most plausible sizes, and the best for pictures as they are.
    private func starts(_ plausible: [Sizes]) -> [Sizes] {
        let starts = plausible.prefix(6)
        let fitting = plausible.first { $0.image == trial.pictures?.shape }
        return starts + [fitting].compactMap(\.self).filter { !starts.contains($0) }
    }

    /// The best answers, each with another activation than those before it.
    private func leaders(_ count: Int) -> [Hypothesis] {
        var activations: Set<Neural.Operation?> = []
        return attempts.sorted { $0.value > $1.value }.map(\.hypothesis)
            .filter { activations.count < count && activations.insert($0.activation).inserted }
    }

    /// Pictures that were brought to another size are smoother, and flatter every answer; networks of convolutions alone
    /// take any size.
    private var costOfForeign: Double {
        if case .map = deduction.blueprint.latent { 0.3 } else { 0.05 }
    }

    private mutating func attempt(_ hypotheses: [Hypothesis], _ isOver: () -> Bool) {
        for hypothesis in hypotheses where seen.insert(hypothesis).inserted {
            isAbandoned = isAbandoned || isOver()
            if isAbandoned || budget.isSpent { return }
            let builder = Builder(blueprint: deduction.blueprint, options: deduction.options, hypothesis: hypothesis)
            guard let model = try? builder.model(), tried.insert(model.architecture).inserted,
                budget.pays(for: model, samples: trial.samples(model)), let scores = trial.scores(model)
            else { continue }
            let isForeign = scores.pictures != nil && model.architecture.image.extents != trial.pictures?.shape
            let surprise = deduction.evidence.surprise(hypothesis) + (isForeign ? costOfForeign : 0)
            add(Attempt(hypothesis: hypothesis, scores: scores, surprise: surprise))
        }
    }

    private mutating func add(_ attempt: Attempt) {
        attempts.append(attempt)
        let knew = knowsPictures
        knowsPictures = knew || (attempt.scores.pictures?.correlation ?? 0) >= TrialBounds.leastCorrelation
        // The first answer that makes something of the pictures makes them count for all.
        for index in knew == knowsPictures ? attempts.indices.suffix(1) : attempts.indices { weigh(&attempts[index]) }
    }

    private func weigh(_ attempt: inout Attempt) {
        let scores = attempt.scores
        if knowsPictures, let pictures = scores.pictures {
            attempt.value = pictures.value + 0.1 * (scores.points?.correlation ?? 0) - attempt.surprise
            attempt.correlation = pictures.correlation
        } else if !knowsPictures, let points = scores.points {
            attempt.value = points.evidence - TrialSearch.weightOfUsual * attempt.surprise
            attempt.correlation = points.correlation
        } else {
            attempt.value = -.infinity
        }
    }
}

import Importing
import VAE

/// A model as its file gives it, and what is left to try where the file holds weights alone.
public struct KerasReading: Sendable {
    /// The most plausible one.
    public let model: ImportedModel
    let deduction: KerasDeduction?
    let options: ImportOptions

    /// How near a model's reconstructions come to pictures; nil where it cannot be tried on them.
    public typealias Score = (Model) -> (value: Double, correlation: Double)?

    /// A better model, found by trying answers on pictures; nil where nothing is open or nothing can be tried.
    ///
    /// How much is tried is bounded by what it takes to compute, so that a file's answers are always the same.
    ///
    /// - Parameters:
    ///   - samples: how many pictures a score runs through the model.
    ///   - budget: how much is computed; what that leaves unasked stays a guess.
    ///   - isOver: asked between two tries: whether nobody waits for the answer any more.
    public func tried(
        score: Score, samples: Int, budget: TrialBudget = .whole, isOver: () -> Bool
    ) throws(ImportProblem) -> ImportedModel? {
        guard let deduction, model.isGuessed, model.model.architecture.encoder != nil else { return nil }
        var attempts: [(hypothesis: KerasHypothesis, value: Double, correlation: Double)] = []
        var budget = budget
        var isAbandoned = false
        func attempt(_ hypotheses: [KerasHypothesis]) {
            for hypothesis in hypotheses where !attempts.contains(where: { $0.hypothesis == hypothesis }) {
                isAbandoned = isAbandoned || isOver()
                if isAbandoned || budget.isSpent { return }
                guard let source = try? deduction.source(hypothesis), let made = try? KerasModel.model(source, options),
                    budget.pays(for: made.model, samples: samples), let score = score(made.model)
                else { continue }
                attempts.append((hypothesis, score.value - deduction.surprise(hypothesis), score.correlation))
            }
        }
        func best() -> KerasHypothesis? { attempts.max { $0.value < $1.value }?.hypothesis }
        attempt([deduction.first])
        // Sizes under each answer to what can hide them.
        for start in [deduction.first] + deduction.variants(of: deduction.first, .places) {
            attempt(deduction.sizes(of: start))
        }
        for _ in 0..<3 {
            if let start = best() { attempt(deduction.sizes(of: start)) }
            for question in KerasHypothesis.Question.allCases {
                if let start = best() { attempt(deduction.variants(of: start, question)) }
            }
        }
        guard !isAbandoned, let winner = attempts.max(by: { $0.value < $1.value }),
            winner.correlation >= TrialBounds.leastCorrelation
        else { return nil }
        let others = attempts.filter { $0.value != winner.value }
        let next = others.max { $0.value < $1.value }
        // What was not tried might have been better still.
        let isSettled =
            !budget.isSpent && !others.isEmpty
            && others.allSatisfy { other in
                TrialBounds.isClear(
                    value: winner.value - other.value, correlation: winner.correlation - other.correlation)
            }
        let certainty: Certainty =
            isSettled ? .tried(best: winner.correlation, runnerUp: next?.correlation) : .guessed
        return try KerasModel.model(deduction.source(winner.hypothesis, certainty), options)
    }
}

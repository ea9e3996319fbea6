import Importing
import Neural
import VAE

extension Deduction {
    /// How many pictures, or points, are enough to tell answers apart.
    private static let enough = 24
    /// The least correlation for points that a decoder made up by itself, which a bad answer may find too.
    private static let leastOfPoints = 0.6

    /// Whether there is an encoder that answers can be tried with.
    var canBeTried: Bool { blueprint.encoder != nil && sizes.contains { $0.encoder != nil } }

    /// A better model, found by trying answers: the one whose reconstructions are nearest to pictures, and which finds again
    /// the points that it decoded.
    ///
    /// How much is tried is bounded by what it takes to compute, so that a file's answers are always the same.
    ///
    /// - Parameters:
    ///   - pictures: some dozens are enough; brought to the model's size. Those of another kind are left aside.
    ///   - budget: how much is computed.
    ///   - isOver: asked between two tries: whether nobody waits for the answer any more.
    /// - Returns: nil where nothing is open, where there is no encoder to try it with, where nothing came of trying, and where
    ///   nobody waits any more.
    func tried(
        on pictures: TrialPictures?, budget: TrialBudget, isOver: () -> Bool
    ) throws(ImportProblem) -> ImportedModel? {
        guard canBeTried else { return nil }
        // Large pictures say more each, and cost more.
        let size = max(1, sizes[0].image.reduce(1, *))
        let points = min(Deduction.enough, max(8, (1 << 17) / size))
        let trial = Trial(pictures: pictures?.prefix(Deduction.enough), points: points)
        var search = TrialSearch(deduction: bounded().settled(on: pictures), trial: trial, budget: budget)
        search.run(isOver)
        guard !search.isAbandoned else { return nil }
        guard let best = search.best,
            best.correlation >= (search.knowsPictures ? TrialBounds.leastCorrelation : Deduction.leastOfPoints)
        else { return try unconfirmed() }
        let model = try Builder(blueprint: blueprint, options: options, hypothesis: best.hypothesis).model()
        return search.deduction.imported(model, best.hypothesis, trial: TrialVerdict(search, best: best))
    }

    /// The first answer, of which a trial did not confirm what the names say of all that decodes; nil where something of it
    /// is a guess already.
    private func unconfirmed() throws(ImportProblem) -> ImportedModel? {
        guard evidence.layout == .pytorchExample else { return nil }
        let (hypothesis, model) = try first()
        let activations: Set<TrialSubject> = evidence.isActivationOpen ? [.activation, .encoderActivation] : []
        return imported(model, hypothesis, trial: TrialVerdict(contesting: activations.union([.output])))
    }
}

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
    /// - Returns: nil where nothing can be tried, or nobody waits: no encoder, nothing open.
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
        // DEBUG
        for a in search.attempts.sorted(by: { $0.value > $1.value }).prefix(40) {
            print(
                "DBG", search.knowsPictures, a.value, a.surprise, a.scores.points?.explained ?? 9,
                a.scores.points?.correlation ?? 9, a.scores.pictures?.value ?? 9,
                a.hypothesis.activation?.summary(of: []) ?? "nil",
                a.hypothesis.encoderActivation?.summary(of: []) ?? "nil", a.hypothesis.output?.summary(of: []) ?? "nil",
                a.hypothesis.pixelRange, a.hypothesis.activatesMap, a.hypothesis.activatesHeads,
                a.hypothesis.swapsHeads, a.hypothesis.isBilinear, a.hypothesis.sizes.image, a.hypothesis.sizes.cost,
                separator: "|")
        }
        guard !search.isAbandoned, let best = search.best,
            best.correlation >= (search.knowsPictures ? TrialBounds.leastCorrelation : Deduction.leastOfPoints)
        else { return nil }
        let model = try Builder(blueprint: blueprint, options: options, hypothesis: best.hypothesis).model()
        return search.deduction.imported(model, best.hypothesis, trial: TrialVerdict(search, best: best))
    }
}

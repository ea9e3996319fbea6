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
    /// - Parameters:
    ///   - pictures: some dozens are enough; brought to the model's size. Those of another kind are left aside.
    ///   - isOver: asked between two tries, so that time can be bounded.
    /// - Returns: nil where nothing can be tried: no encoder, nothing open.
    func tried(on pictures: TrialPictures?, isOver: () -> Bool) throws(ImportProblem) -> ImportedModel? {
        guard canBeTried else { return nil }
        // Large pictures say more each, and cost more.
        let size = max(1, sizes[0].image.reduce(1, *))
        let points = min(Deduction.enough, max(8, (1 << 17) / size))
        let trial = Trial(pictures: pictures?.prefix(Deduction.enough), points: points)
        var search = TrialSearch(deduction: settled(on: pictures), trial: trial)
        search.run(isOver)
        guard let best = search.best,
            best.correlation >= (search.knowsPictures ? TrialBounds.leastCorrelation : Deduction.leastOfPoints)
        else { return nil }
        let model = try Builder(blueprint: blueprint, options: options, hypothesis: best.hypothesis).model()
        let runnerUp = search.runnerUp(best)
        // Where another answer does almost as well, pictures have not settled it; points alone never do.
        let isSettled =
            search.isComplete && search.knowsPictures
            && (runnerUp.map { best.value - $0.value >= TrialBounds.clearMargin } ?? true)
        let score = Certainty.tried(best: best.correlation, runnerUp: runnerUp?.correlation)
        return search.deduction.imported(model, best.hypothesis, trial: isSettled ? score : .guessed)
    }
}

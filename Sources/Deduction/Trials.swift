import Importing
import Neural
import VAE

extension Deduction {
    /// How many pictures are enough to tell answers apart.
    private static let enough = 24
    /// A correlation below which pictures do not speak for an answer.
    private static let leastCorrelation = 0.35
    /// By how much an answer has to be better than the next to count as settled.
    private static let clearMargin = 0.02

    /// Whether there is an encoder to reconstruct pictures with.
    var canBeTried: Bool { blueprint.encoder != nil && sizes.contains { $0.encoder != nil } }

    /// A better model, found by trying answers on pictures: the one whose reconstructions are nearest to them.
    ///
    /// - Parameters:
    ///   - pictures: some dozens are enough; brought to the model's size.
    ///   - isOver: asked between two tries, so that time can be bounded.
    /// - Returns: nil where nothing can be tried: no encoder, nothing open, or pictures of another kind.
    func tried(on pictures: TrialPictures, isOver: () -> Bool) throws(ImportProblem) -> ImportedModel? {
        guard canBeTried else { return nil }
        var search = TrialSearch(deduction: self, trial: Trial(pictures: pictures.prefix(Deduction.enough)))
        search.run(isOver)
        guard let best = search.best, best.score.correlation >= Deduction.leastCorrelation else { return nil }
        let model = try Builder(blueprint: blueprint, options: options, hypothesis: best.hypothesis).model()
        let runnerUp = search.runnerUp(best)
        // Where another answer does almost as well, pictures have not settled it.
        let isSettled = runnerUp.map { best.value - $0.value >= Deduction.clearMargin } ?? true
        let score = Certainty.tried(best: best.score.correlation, runnerUp: runnerUp?.score.correlation)
        let certainty: Certainty = isSettled ? score : .guessed
        return imported(model, best.hypothesis, trial: certainty)
    }
}

/// Tries answers, one question after the other, and keeps what was found.
private struct TrialSearch {
    struct Attempt {
        let hypothesis: Hypothesis
        let score: TrialScore
        /// The score less what speaks against the answer beforehand.
        let value: Double
    }

    let deduction: Deduction
    let trial: Trial
    private(set) var attempts: [Attempt] = []
    private var seen: Set<Hypothesis> = []

    init(deduction: Deduction, trial: Trial) { (self.deduction, self.trial) = (deduction, trial) }

    var best: Attempt? { attempts.max { $0.value < $1.value } }

    /// The best attempt that would give other pictures.
    func runnerUp(_ best: Attempt) -> Attempt? {
        attempts.filter { $0.score != best.score }.max { $0.value < $1.value }
    }

    mutating func run(_ isOver: () -> Bool) {
        let evidence = deduction.evidence
        let least = deduction.sizes[0].cost
        let plausible = deduction.sizes.filter { $0.encoder != nil && $0.cost < least + 3 }
        attempt(plausible.prefix(24).map { evidence.first($0) }, isOver)
        // Questions depend on each other: two rounds, each on the best so far.
        for _ in 0..<2 {
            let before = best?.hypothesis
            for question in questions {
                for start in leaders(question == 0 ? 3 : 1) { attempt(variants(start, question), isOver) }
            }
            if best?.hypothesis == before { break }
        }
    }

    private let questions = [0, 1, 2, 3]

    private func leaders(_ count: Int) -> [Hypothesis] {
        attempts.sorted { $0.value > $1.value }.prefix(count).map(\.hypothesis)
    }

    private func variants(_ start: Hypothesis, _ question: Int) -> [Hypothesis] {
        let evidence = deduction.evidence
        func changed(_ body: (inout Hypothesis) -> Void) -> Hypothesis {
            var other = start
            body(&other)
            return other
        }
        switch question {
        case 0:
            var found: [Hypothesis] = []
            if evidence.areHeadsOpen { found.append(changed { $0.swapsHeads.toggle() }) }
            if evidence.isActivationOpen {
                found += [changed { $0.activatesMap.toggle() }, changed { $0.activatesHeads.toggle() }]
            }
            if deduction.blueprint.label != nil { found.append(changed { $0.isLabelFirst.toggle() }) }
            return found
        case 1:
            guard evidence.isActivationOpen else { return [] }
            return Activations.between.map { activation in changed { $0.activation = activation } }
        case 2:
            guard evidence.isOutputOpen, deduction.options.pixelRange == nil else { return [] }
            let ends: [(Operation?, PixelRange)] = [
                (Activations.sigmoid, .unit), (Activations.tanh, .signed), (nil, .unit), (Activations.tanh, .unit),
                (nil, .signed),
                (Activations.relu, .unit),
            ]
            return ends.map { end in changed { ($0.output, $0.pixelRange) = end } }
        default:
            return deduction.sizes.prefix(24).filter { $0.encoder != nil }.map { sizes in changed { $0.sizes = sizes } }
        }
    }

    private mutating func attempt(_ hypotheses: [Hypothesis], _ isOver: () -> Bool) {
        for hypothesis in hypotheses where seen.insert(hypothesis).inserted {
            if isOver() { return }
            let builder = Builder(blueprint: deduction.blueprint, options: deduction.options, hypothesis: hypothesis)
            guard let model = try? builder.model(), let score = trial.score(model) else { continue }
            // Pictures that were brought to another size are smoother, and flatter every answer.
            let foreign = model.architecture.image.extents == trial.pictures.shape ? 0 : 0.05
            let surprise = deduction.evidence.surprise(hypothesis) + foreign
            attempts.append(Attempt(hypothesis: hypothesis, score: score, value: score.value - surprise))
        }
    }
}

extension Evidence {
    /// What speaks against an answer before it is tried, small beside the differences between scores.
    func surprise(_ hypothesis: Hypothesis) -> Double {
        var surprise = 0.02 * hypothesis.sizes.cost
        let usual = first(hypothesis.sizes)
        // Leaky slopes are near to ReLU, and pictures of another kind may like them better.
        if hypothesis.activation != usual.activation {
            surprise += Activations.isLeaky(hypothesis.activation) ? 0.02 : 0.01
        }
        if hypothesis.output != usual.output || hypothesis.pixelRange != usual.pixelRange { surprise += 0.01 }
        if hypothesis.activatesMap != usual.activatesMap { surprise += 0.01 }
        if hypothesis.activatesHeads != usual.activatesHeads { surprise += 0.02 }
        if hypothesis.isLabelFirst { surprise += 0.005 }
        if hypothesis.swapsHeads != usual.swapsHeads { surprise += 0.01 }
        return surprise
    }
}

import Neural

/// Adam or AdamW over the networks of a model, with clipping and an average of the weights.
final class ModelOptimizer {
    private static let beta1: Float = 0.9
    private static let beta2: Float = 0.999
    private static let epsilon: Float = 1e-8

    /// The encoder's and the decoder's.
    private let plans: [Plan]
    private let scalar: LearnedScalar?
    private let settings: Optimization
    private let states: [OptimizerState]
    private let averages: [WeightAverage]
    /// How many steps were taken.
    private(set) var updates = 0

    /// - Parameter scalar: a number that is learned beside the networks.
    init(_ plans: [Plan], scalar: LearnedScalar?, settings: Optimization) {
        self.plans = plans
        self.scalar = scalar
        self.settings = settings
        states = plans.map { OptimizerState($0) }
        averages = settings.averaging == nil ? [] : plans.map { WeightAverage($0) }
    }

    /// The Euclidean norm of the gradient, all parameters that are learned together.
    func gradientNorm(learnsEncoder: Bool) -> Double {
        let slope = Double(scalar?.gradient ?? 0)
        return learned(learnsEncoder).reduce(slope * slope) { $0 + plans[$1].parameters.gradientSquares }.squareRoot()
    }

    /// One step down the gradients that the plans hold.
    ///
    /// - Parameters:
    ///   - gradientNorm: their norm, for clipping.
    ///   - learnsEncoder: whether the first plan, the encoder's, is one of those that change.
    func update(learningRate: Double, gradientNorm: Double, learnsEncoder: Bool) {
        updates += 1
        let learned = learned(learnsEncoder)
        clip(learned, gradientNorm)
        let first = 1 - power(ModelOptimizer.beta1, updates)
        let root = (1 - power(ModelOptimizer.beta2, updates)).squareRoot()
        // m̂ / (√v̂ + ε) with the bias corrections drawn out of the loop.
        let rate = Float(learningRate) * Float(root) / Float(first)
        let epsilon = ModelOptimizer.epsilon * Float(root)
        for index in learned {
            let (plan, state) = (plans[index], states[index])
            if settings.optimizer.weightDecay > 0 {
                plan.parameters.scaleMatrices(by: Float(1 - learningRate * settings.optimizer.weightDecay))
            }
            state.update(rate: rate, beta1: ModelOptimizer.beta1, beta2: ModelOptimizer.beta2, epsilon: epsilon)
        }
        scalar?.update(rate: rate, beta1: ModelOptimizer.beta1, beta2: ModelOptimizer.beta2, epsilon: epsilon)
        average()
    }

    private func learned(_ learnsEncoder: Bool) -> Range<Int> { (learnsEncoder ? 0 : 1)..<plans.count }

    private func clip(_ learned: Range<Int>, _ norm: Double) {
        guard let limit = settings.gradientClip, norm > limit else { return }
        for plan in plans[learned] { plan.parameters.scaleGradients(by: Float(limit / norm)) }
        scalar?.gradient *= Float(limit / norm)
    }

    /// Early in a run the average forgets faster, so that it isn't made of the first random weights.
    private func average() {
        guard let decay = settings.averaging else { return }
        let early = Double(1 + updates) / Double(10 + updates)
        let share = Float(1 - min(decay, early))
        for average in averages { average.update(share: share) }
        scalar?.updateAverage(share: share)
    }

    private func power(_ base: Float, _ exponent: Int) -> Double {
        var (result, factor, left) = (1.0, Double(base), exponent)
        while left > 0 {
            if left & 1 == 1 { result *= factor }
            factor *= factor
            left >>= 1
        }
        return result
    }

    // MARK: State

    /// The averaged tensors in PyTorch's layout; nil where nothing is averaged.
    var averagedTensors: [String: Tensor]? {
        averages.isEmpty ? nil : merged(averages.map(\.tensors), \.average)
    }

    var moments: OptimizerMoments {
        OptimizerMoments(
            updates: updates, first: merged(states.map(\.firstMoments), \.first),
            second: merged(states.map(\.secondMoments), \.second))
    }

    private func merged(
        _ networks: [[String: Tensor]], _ number: (LearnedScalar) -> Float
    ) -> [String: Tensor] {
        var tensors = networks.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        if let scalar { tensors[scalar.name] = Tensor(extents: [1], values: [number(scalar)]) }
        return tensors
    }

    /// - Precondition: all tensors are there with their shapes.
    func restore(_ moments: OptimizerMoments, average: [String: Tensor]?) {
        updates = moments.updates
        for state in states { state.load(firstMoments: moments.first, secondMoments: moments.second) }
        if let average { for target in averages { target.load(average) } }
        guard let scalar else { return }
        scalar.restore(
            first: moments.first[scalar.name]?.values.first ?? 0,
            second: moments.second[scalar.name]?.values.first ?? 0, average: average?[scalar.name]?.values.first)
    }
}

/// What Adam remembers, in PyTorch's layout: a permutation, so that not a bit is lost.
public struct OptimizerMoments: Hashable, Sendable {
    /// How many steps were taken.
    public var updates: Int
    /// The running mean of each learned tensor's gradient, by the tensor's name.
    public var first: [String: Tensor]
    /// The running mean of its square.
    public var second: [String: Tensor]

    public init(updates: Int, first: [String: Tensor], second: [String: Tensor]) {
        self.updates = updates
        self.first = first
        self.second = second
    }
}

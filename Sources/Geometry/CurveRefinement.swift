/// A curve that is made shorter bit by bit: its discretized energy E = N Σ λ² ‖gᵢ₊₁ − gᵢ‖² is brought down by moving its inner
/// points, and where that is least the curve is a geodesic in steps of equal length (Arvanitidis et al. 2018; Chen et al.
/// 2018).
///
/// Each step goes along H⁻¹∇E, H the block-tridiagonal Gauss–Newton matrix, mended by what the last steps taught about the
/// curvature that it leaves out (L-BFGS); it is halved until the energy falls, so that it never rises.
struct CurveRefinement {
    /// The curve as it is, ends included, `[points, latents]`.
    private(set) var coordinates: [Float]
    /// Steps that brought the energy down.
    private(set) var steps = 0
    private let metric: LatentMetric
    private let size: Int
    /// The share of the length by which a step must shorten the curve, or it counts as small.
    private let tolerance: Double
    /// The curve is done after so many small steps in succession.
    private let patience: Int
    private var values: CurveValues?
    private var stage: Stage
    private let mostSteps: Int
    private var memory = QuasiNewton()
    /// Where the last step began, and its gradient.
    private var last: (coordinates: [Float], gradient: [Double])?
    private var smallSteps = 0

    private enum Stage {
        /// The values of the first curve are wanted.
        case measure(CurveValues)
        case differentiate(CurveSlopes)
        /// A step is tried.
        case search(Trial)
        case finished
    }

    /// A step along a direction of descent.
    private struct Trial {
        let gradient: [Double]
        let direction: [Double]
        /// The gradient's component along the direction, below 0.
        let slope: Double
        /// How much of the direction is tried.
        var share: Double
        var tries = 0
        /// Of the curve that is tried.
        var values: CurveValues
    }

    private static let mostTries = 12

    /// - Parameters:
    ///   - curve: as it is at first; what isn't known of it yet will be found.
    ///   - tolerance: the share of the length by which a step must shorten the curve, or it counts as small.
    ///   - patience: after how many small steps in succession the curve is done.
    ///   - mostSteps: how many steps it may take at most.
    init(
        _ curve: CurveValues, in space: DecodedSpace, under metric: LatentMetric, tolerance: Double, patience: Int = 2,
        mostSteps: Int
    ) {
        coordinates = curve.coordinates
        self.metric = metric
        (self.tolerance, self.patience) = (tolerance, patience)
        self.mostSteps = mostSteps
        size = space.latentSize
        stage = .measure(curve)
    }

    var isFinished: Bool {
        if case .finished = stage { true } else { false }
    }
    /// Of the steps that it may take, 0…1.
    var progress: Double { isFinished ? 1 : min(1, (Double(steps) + stepProgress) / Double(max(1, mostSteps))) }
    /// Of the step that is under way; derivatives are nearly all of it.
    private var stepProgress: Double {
        switch stage {
        case .measure, .finished: 0
        case .differentiate(let slopes): 0.9 * slopes.progress
        case .search: 0.9
        }
    }
    /// The length of each segment; nil before it was measured.
    var segments: [Double]? { values?.segments.map { $0.squareRoot() } }

    /// Does a piece of the work.
    ///
    /// - Parameter budget: about how many decodes it may take, at least one point's.
    mutating func advance(in space: DecodedSpace, budget: Int) {
        // What changes is taken out of the stage, so that it is not copied.
        let current = stage
        stage = .finished
        switch current {
        case .measure(var values):
            values.advance(budget, in: space, under: metric)
            guard values.isComplete(in: space) else {
                stage = .measure(values)
                return
            }
            take(values, in: space)
        case .differentiate(var slopes):
            guard let values else { return }
            slopes.advance(values, in: space, under: metric, decodes: budget)
            if slopes.isComplete { chooseDirection(slopes, in: space) } else { stage = .differentiate(slopes) }
        case .search(var trial):
            trial.values.advance(budget, in: space, under: metric)
            if trial.values.isComplete(in: space) { judge(trial, in: space) } else { stage = .search(trial) }
        case .finished:
            break
        }
    }

    /// Goes on from a curve that was measured.
    private mutating func take(_ found: CurveValues, in space: DecodedSpace) {
        coordinates = found.coordinates
        values = found
        let inner = coordinates.count / size - 2
        stage = inner > 0 && steps < mostSteps ? .differentiate(CurveSlopes(inner: inner, space: space)) : .finished
    }

    private mutating func chooseDirection(_ slopes: CurveSlopes, in space: DecodedSpace) {
        let gradient = slopes.gradient
        if let last {
            let step = (size..<coordinates.count - size).map { Double(coordinates[$0]) - Double(last.coordinates[$0]) }
            memory.remember(step: step, change: zip(gradient, last.gradient).map { $0 - $1 })
        }
        guard let energy = values?.energy, let factor = slopes.curvature.damped().factored() else { return }
        var direction = memory.direction(gradient, inverse: factor.solve)
        if !(dot(direction, gradient) < 0) {
            memory.forget()
            direction = factor.solve(gradient).map { -$0 }
        }
        let slope = dot(direction, gradient)
        guard slope.isFinite, isWorth(-slope, of: energy) else { return }
        // No point jumps over a stretch that was never decoded.
        let furthest = direction.reduce(0) { max($0, abs($1)) }
        let share = min(1, CurveRefinement.furthest / furthest)
        let moved = moved(along: direction, share)
        stage = .search(
            Trial(
                gradient: gradient, direction: direction, slope: slope, share: share,
                values: CurveValues(of: moved, in: space)))
    }

    /// Whether a step along which the energy falls like that at first may bring what counts.
    private func isWorth(_ fall: Double, of energy: Double) -> Bool { fall > 0.2 * tolerance * energy }

    /// How far a coordinate may move in one step.
    private static let furthest = 0.5

    private func moved(along direction: [Double], _ share: Double) -> [Float] {
        var trial = coordinates
        for index in direction.indices {
            trial[size + index] = Float(Double(coordinates[size + index]) + share * direction[index])
        }
        return trial
    }

    private mutating func judge(_ trial: Trial, in space: DecodedSpace) {
        guard let energy = values?.energy else { return }
        let found = trial.values.energy
        guard found <= energy + 1e-4 * trial.share * trial.slope else {
            return shorten(trial, by: found - energy, of: energy, in: space)
        }
        last = (coordinates, trial.gradient)
        steps += 1
        // The energy also falls while the segments grow equal, which shortens nothing.
        let isSmall = values.map { $0.length - trial.values.length < tolerance * $0.length } ?? false
        smallSteps = isSmall ? smallSteps + 1 : 0
        take(trial.values, in: space)
        if smallSteps >= patience { stage = .finished }
    }

    /// A shorter step: the least point of the parabola through what is known, within a tenth and a half.
    private mutating func shorten(_ trial: Trial, by rise: Double, of energy: Double, in space: DecodedSpace) {
        guard trial.tries < CurveRefinement.mostTries else { return }
        let share = trial.share
        let least = -trial.slope * share * share / (2 * (rise - share * trial.slope))
        var next = trial
        next.share = least.isFinite ? max(0.1 * share, min(0.5 * share, least)) : 0.1 * share
        next.tries += 1
        guard isWorth(-next.share * trial.slope, of: energy) else { return }
        next.values = CurveValues(of: moved(along: trial.direction, next.share), in: space)
        stage = .search(next)
    }
}

extension BlockTridiagonal {
    /// A little more on the diagonal, so that directions in which no image changes don't matter.
    func damped() -> BlockTridiagonal {
        var result = self
        var trace = 0.0
        let places = (0..<blocks * size).map { $0 / size * size * size + $0 % size * (size + 1) }
        for place in places { trace += diagonal[place] }
        let extra = max(1e-5 * trace / Double(max(1, places.count)), 1e-12)
        for place in places { result.diagonal[place] += extra }
        return result
    }
}

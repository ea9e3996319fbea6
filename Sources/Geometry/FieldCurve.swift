/// A curve in a ``MetricField`` that is made shorter without decoding anything: its energy N Σ ΔᵀG(m)Δ, with the metric at each
/// segment's middle m, is brought down as ``CurveRefinement`` brings down that of images.
struct FieldCurve: Sendable {
    private let field: MetricField
    /// Ends included.
    private(set) var points: [SIMD2<Double>]
    private(set) var isFinished = false
    private var memory = QuasiNewton()
    private var current: Slopes
    /// Steps that brought the energy down.
    private(set) var steps = 0
    private var smallSteps = 0

    /// The energy of a curve, and what it changes with.
    private struct Slopes: Sendable {
        /// ΔᵀGΔ of each segment.
        var squares: [Double] = []
        var energy: Double { Double(squares.count) * squares.reduce(0, +) }
        /// By the inner points, `[inner points, 2]`.
        var gradient: [Double]
        /// Second derivatives where the metric does not change.
        var curvature: BlockTridiagonal

        mutating func add(_ scale: Double, _ pull: SIMD2<Double>, _ metric: SIMD4<Double>, to point: Int) {
            gradient[2 * point] += scale * pull.x
            gradient[2 * point + 1] += scale * pull.y
            curvature.diagonal[4 * point] += scale * metric.x
            curvature.diagonal[4 * point + 1] += scale * metric.y
            curvature.diagonal[4 * point + 2] += scale * metric.y
            curvature.diagonal[4 * point + 3] += scale * metric.z
        }

        /// A point and the next one.
        mutating func join(_ point: Int, _ scale: Double, _ metric: SIMD4<Double>) {
            curvature.beside[4 * point] = scale * metric.x
            curvature.beside[4 * point + 1] = scale * metric.y
            curvature.beside[4 * point + 2] = scale * metric.y
            curvature.beside[4 * point + 3] = scale * metric.z
        }
    }

    private static let mostSteps = 120
    /// The share of the energy that a step must bring, or it counts as small.
    private static let tolerance = 1e-4

    /// - Parameter points: two or more, ends included.
    init(_ points: [SIMD2<Double>], in field: MetricField) {
        (self.points, self.field) = (points, field)
        current = FieldCurve.slopes(of: points, in: field)
        isFinished = points.count < 3
    }

    /// The length of each segment by the field's metric.
    var segments: [Double] { current.squares.map { $0.squareRoot() } }
    var length: Double { current.squares.reduce(0) { $0 + $1.squareRoot() } }

    /// Takes a step along which the energy falls, or finds that there is none.
    mutating func advance() {
        guard !isFinished else { return }
        guard let factor = current.curvature.damped().factored() else {
            isFinished = true
            return
        }
        var direction = memory.direction(current.gradient, inverse: factor.solve)
        if !(dot(direction, current.gradient) < 0) {
            memory.forget()
            direction = factor.solve(current.gradient).map { -$0 }
        }
        let slope = dot(direction, current.gradient)
        let furthest = direction.reduce(0) { max($0, abs($1)) }
        guard slope < 0, furthest.isFinite else {
            isFinished = true
            return
        }
        var share = min(1, FieldCurve.furthest / furthest)
        for _ in 0..<10 {
            let moved = moved(along: direction, share)
            let found = FieldCurve.slopes(of: moved, in: field)
            if found.energy <= current.energy + 1e-4 * share * slope { return take(moved, found) }
            share /= 2
        }
        isFinished = true
    }

    /// How far a coordinate may move in one step: no further than the metric can be trusted to stay alike.
    private static let furthest = 0.1

    private func moved(along direction: [Double], _ share: Double) -> [SIMD2<Double>] {
        var moved = points
        for index in 1..<points.count - 1 {
            let place = moved[index] + share * SIMD2(direction[2 * index - 2], direction[2 * index - 1])
            // Beyond the field the metric is unknown.
            moved[index] = field.nearest(to: place)
        }
        return moved
    }

    private mutating func take(_ moved: [SIMD2<Double>], _ found: Slopes) {
        let step = (1..<points.count - 1).flatMap { [moved[$0].x - points[$0].x, moved[$0].y - points[$0].y] }
        memory.remember(step: step, change: zip(found.gradient, current.gradient).map { $0 - $1 })
        smallSteps = current.energy - found.energy < FieldCurve.tolerance * current.energy ? smallSteps + 1 : 0
        (points, current) = (moved, found)
        steps += 1
        isFinished = smallSteps >= 3 || steps == FieldCurve.mostSteps
    }

    private static func slopes(of points: [SIMD2<Double>], in field: MetricField) -> Slopes {
        let count = points.count - 1
        let scale = 2 * Double(count)
        var slopes = Slopes(
            gradient: Array(repeating: 0, count: 2 * max(0, count - 1)),
            curvature: BlockTridiagonal(blocks: max(0, count - 1), size: 2))
        slopes.squares.reserveCapacity(count)
        for segment in 0..<count {
            let step = points[segment + 1] - points[segment]
            let (metric, changes) = field.metric(at: (points[segment] + points[segment + 1]) / 2)
            let along = SIMD2(metric.x * step.x + metric.y * step.y, metric.y * step.x + metric.z * step.y)
            slopes.squares.append((step * along).sum())
            let products = SIMD4(step.x * step.x, 2 * step.x * step.y, step.y * step.y, 0)
            // Half of the middle's way is each end's.
            let drift = SIMD2((changes.0 * products).sum(), (changes.1 * products).sum()) / 4
            if segment > 0 { slopes.add(scale, drift - along, metric, to: segment - 1) }
            if segment < count - 1 { slopes.add(scale, drift + along, metric, to: segment) }
            if segment > 0, segment < count - 1 { slopes.join(segment - 1, -scale, metric) }
        }
        return slopes
    }
}

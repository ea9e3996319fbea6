import Latent

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// First guesses at the shortest curve between two points, by a ``MetricField`` alone: the straight line and the shortest ways
/// over the field's corners, each along another corridor than the last, all brought to their least energy in the field. Energy
/// has many small hollows; so the best is shaken, a little to this side and to that, and what is shorter then is kept.
struct PlaneScout: Sendable {
    /// Of the curves: enough that none jumps over what a cell holds.
    private static let segments = 192
    /// How many ways over the corners are tried.
    private static let mostCorridors = 3
    /// Of the lattice of corners.
    private static let corners = 120
    /// Half waves by which the best curve is shaken, in units of z.
    private static let shakes = (1...10).flatMap { waves in [0.1, -0.1].map { (waves: waves, height: $0) } }
    /// Curves that seem longer than the shortest by more than that share of it aren't worth a look.
    private static let doubt = 0.03
    /// Curves that lie everywhere closer than that are one.
    private static let apart = 0.04

    private let start: SIMD2<Double>
    private let end: SIMD2<Double>
    private let field: MetricField
    private var ways: [[SIMD2<Double>]] = []
    private var curves: [FieldCurve] = []
    private var shaken = 0
    private var stage: Stage

    private enum Stage {
        case corridor(CorridorSearch)
        case curve(FieldCurve)
        case shake(FieldCurve)
        case finished
    }

    /// - Parameters:
    ///   - start, end: in the field.
    init(from start: SIMD2<Double>, to end: SIMD2<Double>, in field: MetricField) {
        (self.start, self.end, self.field) = (start, end, field)
        stage = .curve(PlaneScout.curve(along: [start, end], in: field))
    }

    var isFinished: Bool {
        if case .finished = stage { true } else { false }
    }

    /// The shortest curve so far; nil before there is one.
    var shortest: FieldCurve? { curves.min { $0.length < $1.length } }

    /// Does a piece of the work: a millisecond or two.
    mutating func advance() {
        // What changes is taken out of the stage, so that it is not copied.
        let current = stage
        stage = .finished
        switch current {
        case .corridor(var search):
            search.advance(1500)
            guard let way = search.way else {
                stage = .corridor(search)
                return
            }
            ways.append(way)
            stage = .curve(PlaneScout.curve(along: way, in: field))
        case .curve(var curve):
            for _ in 0..<6 { curve.advance() }
            guard curve.isFinished else {
                stage = .curve(curve)
                return
            }
            curves.append(curve)
            stage = ways.count < PlaneScout.mostCorridors ? .corridor(nextSearch) : nextShake
        case .shake(var curve):
            for _ in 0..<6 { curve.advance() }
            guard curve.isFinished || isHopeless(curve) else {
                stage = .shake(curve)
                return
            }
            // What became of the best takes its place.
            if let best = curves.indices.min(by: { curves[$0].length < curves[$1].length }),
                curve.length < curves[best].length
            {
                curves[best] = curve
            }
            stage = nextShake
        case .finished:
            break
        }
    }

    /// Whether a curve falls back to the best one, or to a longer one: most of them do so at once.
    private func isHopeless(_ curve: FieldCurve) -> Bool {
        guard let shortest else { return false }
        return curve.steps >= 24 && curve.length > 1.004 * shortest.length
    }

    private var nextSearch: CorridorSearch {
        // A narrow field has two rows of corners at least.
        let (long, short) = (max(field.columns, field.rows), min(field.columns, field.rows))
        let stride = max(1, min(short, long / PlaneScout.corners))
        return CorridorSearch(from: start, to: end, in: field, stride: stride, avoiding: ways)
    }

    private var nextShake: Stage {
        mutating get {
            guard shaken < PlaneScout.shakes.count, let shortest else { return .finished }
            let (waves, height) = PlaneScout.shakes[shaken]
            shaken += 1
            return .shake(FieldCurve(shortest.points.swung(waves: waves, height: height), in: field))
        }
    }

    /// The curves that may be the shortest, the likeliest first; none where the field has no finite lengths.
    var candidates: [FieldCurve] {
        guard let shortest else { return [] }
        let close = curves.sorted { $0.length < $1.length }
            .filter { $0.length <= (1 + PlaneScout.doubt) * shortest.length }
        return close.reduce(into: []) { kept, curve in
            if !kept.contains(where: { $0.isNear(curve, within: PlaneScout.apart) }) { kept.append(curve) }
        }
    }

    private static func curve(along way: [SIMD2<Double>], in field: MetricField) -> FieldCurve {
        let polyline = LatentPath(coordinates: way.flatMap { [Float($0.x), Float($0.y)] }, dimension: 2)
        return FieldCurve(polyline.resampled(segments: segments).points.map(SIMD2.init), in: field)
    }
}

extension [SIMD2<Double>] {
    /// The curve with its points moved aside by half waves between its ends.
    fileprivate func swung(waves: Int, height: Double) -> [SIMD2<Double>] {
        indices.map { index in
            guard index > 0, index < count - 1 else { return self[index] }
            let along = self[index + 1] - self[index - 1]
            let norm = (along * along).sum().squareRoot()
            guard norm > 0 else { return self[index] }
            let wave = sin(.pi * Double(waves * index) / Double(count - 1))
            return self[index] + height * wave / norm * SIMD2(-along.y, along.x)
        }
    }
}

extension FieldCurve {
    /// Whether each point lies close to the other's of the same number.
    fileprivate func isNear(_ other: FieldCurve, within distance: Double) -> Bool {
        zip(points, other.points).allSatisfy { (($0 - $1) * ($0 - $1)).sum() < distance * distance }
    }

    /// The same curve in equal steps, `[points, 2]`.
    func coordinates(segments count: Int) -> [Float] {
        LatentPath(coordinates: points.flatMap { [Float($0.x), Float($0.y)] }, dimension: 2)
            .resampled(segments: count, steps: segments).points.flatMap(\.coordinates)
    }
}

import Neural

/// First guesses at the shortest curve between two points, by a ``MetricField`` alone: the straight line and ways over the
/// field's corners through several corridors, each brought to the shortest in its ``Ribbon``, the best of them to their least
/// energy in the field, and the best of these once more from the shortest way in a finer ribbon: beside a curve that no small
/// change makes shorter there is often a shorter one, behind a ridge.
struct PlaneScout: Sendable {
    /// Of the curves: enough that none jumps over what a cell holds where a way is long.
    private static let segments = 512
    /// How many curves are brought to their least energy.
    private static let mostCurves = 4
    /// How many of them are looked at by their images.
    private static let mostCandidates = 3
    /// Beside how many it is looked for a shorter one.
    private static let mostAside = 3
    /// How often a way is laid in a ribbon around itself.
    private static let mostRounds = 3
    /// Ways that seem longer than the shortest by more than that share of it aren't worth a look, and curves neither.
    private static let doubt = (way: 0.03, curve: 0.02)
    /// Curves that lie everywhere closer than that are one.
    private static let apart = 0.04

    private let start: SIMD2<Double>
    private let end: SIMD2<Double>
    private let field: MetricField
    private var stage: Stage
    /// The ways that were laid already, the best in their ribbons.
    private var laid: [Way] = []
    private var curves: [FieldCurve] = []

    private enum Stage {
        case corridors(CorridorSearch)
        case ways([Way])
        case curves([FieldCurve], areLast: Bool)
        /// The fine ribbons around the best curves, and what is to be relaxed beside them.
        case aside([Ribbon], found: [FieldCurve])
        case finished
    }

    /// A polyline, and its length as far as it is known.
    private struct Way {
        var points: [SIMD2<Double>]
        var length = Double.infinity
        var rounds = 0
    }

    /// - Parameters:
    ///   - start, end: in the field.
    init(from start: SIMD2<Double>, to end: SIMD2<Double>, in field: MetricField) {
        (self.start, self.end, self.field) = (start, end, field)
        stage = .corridors(CorridorSearch(from: start, to: end, in: field))
    }

    var isFinished: Bool {
        if case .finished = stage { true } else { false }
    }

    /// About how much of the work is done, 0…1.
    var progress: Double {
        switch stage {
        case .corridors: 0
        case .ways: 0.3 + 0.04 * Double(min(5, laid.count))
        case .curves, .aside: 0.5 + 0.05 * Double(min(9, curves.count))
        case .finished: 1
        }
    }

    /// The shortest curve so far; nil before there is one.
    var shortest: FieldCurve? { curves.min { $0.length < $1.length } }

    /// Does a piece of the work: a millisecond or two.
    mutating func advance(on pool: WorkerPool) {
        // What changes is taken out of the stage, so that it is not copied.
        let current = stage
        stage = .finished
        switch current {
        case .corridors(var search):
            search.advance(on: pool)
            stage = search.ways.map { .ways(([[start, end]] + $0).map { Way(points: $0) }) } ?? .corridors(search)
        case .ways(var waiting):
            if let way = waiting.popLast() { lay(way, &waiting, on: pool) }
            stage = waiting.isEmpty ? .curves(guesses, areLast: false) : .ways(waiting)
        case .curves(var waiting, let areLast):
            pool.change(&waiting) { curve in
                for _ in 0..<4 { curve.advance() }
            }
            curves += waiting.filter(\.isFinished)
            waiting.removeAll(where: \.isFinished)
            if !waiting.isEmpty {
                stage = .curves(waiting, areLast: areLast)
            } else if !areLast, !curves.isEmpty {
                let best = candidates.prefix(PlaneScout.mostAside)
                stage = .aside(best.map { Ribbon(along: $0.points, .fine, in: field) }, found: [])
            }
        case .aside(var waiting, var found):
            if var ribbon = waiting.popLast() {
                ribbon.advance(24, on: pool)
                if ribbon.isComplete {
                    let way = ribbon.way
                    found.append(curve(along: way.points, steps: way.segments))
                } else {
                    waiting.append(ribbon)
                }
            }
            stage = waiting.isEmpty ? .curves(found, areLast: true) : .aside(waiting, found: found)
        case .finished:
            break
        }
    }

    /// Lays a way in the ribbon around it, again and again while that makes it shorter.
    private mutating func lay(_ way: Way, _ waiting: inout [Way], on pool: WorkerPool) {
        var ribbon = Ribbon(along: way.points, .wide, in: field)
        while !ribbon.isComplete { ribbon.advance(.max / 2, on: pool) }
        let found = ribbon.way
        let next = Way(points: found.points, length: found.segments.reduce(0, +), rounds: way.rounds + 1)
        let isHopeless = laid.contains { next.length > (1 + 3 * PlaneScout.doubt.way) * $0.length }
        guard !isHopeless, next.length.isFinite else { return }
        if next.length < 0.998 * way.length, next.rounds < PlaneScout.mostRounds {
            waiting.append(next)
        } else {
            laid.append(next)
        }
    }

    /// Curves along the best ways, the best last.
    private var guesses: [FieldCurve] {
        let sorted = laid.sorted { $0.length < $1.length }
        let close = sorted.filter { $0.length <= (1 + PlaneScout.doubt.way) * sorted[0].length }
        let curves = close.map { way in
            curve(
                along: way.points, steps: zip(way.points, way.points.dropFirst()).map { field.length(from: $0, to: $1) }
            )
        }
        return distinct(curves).prefix(PlaneScout.mostCurves).reversed()
    }

    private func curve(along points: [SIMD2<Double>], steps: [Double]) -> FieldCurve {
        FieldCurve(points.resampled(segments: PlaneScout.segments, steps: steps), in: field)
    }

    /// The curves that may be the shortest, the likeliest first; none where the field has no finite lengths.
    var candidates: [FieldCurve] {
        let sorted = curves.sorted { $0.length < $1.length }
        return Array(
            distinct(sorted.filter { $0.length <= (1 + PlaneScout.doubt.curve) * sorted[0].length })
                .prefix(PlaneScout.mostCandidates))
    }

    private func distinct(_ curves: [FieldCurve]) -> [FieldCurve] {
        curves.reduce(into: []) { kept, curve in
            if !kept.contains(where: { $0.isNear(curve, within: PlaneScout.apart) }) { kept.append(curve) }
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
        points.resampled(segments: count, steps: segments).flatMap { [Float($0.x), Float($0.y)] }
    }
}

import Latent

/// The search for the shortest path between two points under a metric, in pieces: its owner calls
/// ``advance(in:decodes:)`` again and again, and may draw ``path`` in between.
///
/// In a plane the first guess comes from a ``PlaneAtlas``: one that is there already, or a coarse one of the search's own; in
/// other spaces it is the straight path. It is refined as a smooth curve of images, and at last cut into nearly equal steps.
/// What is found is nearly a geodesic, a curve that no small change makes shorter; of several geodesics it may miss the
/// shortest.
public struct GeodesicSearch: Sendable {
    /// The number of segments of what is found.
    public static let segments = 192
    /// Of the curve that is refined first where there is no atlas.
    private static let coarseSegments = 48
    /// The share of the length below which a step of the refinement counts as small; after a good first guess, and after a
    /// straight path.
    private static let tolerance = (guess: 4e-3, line: 1e-3)

    public let start: LatentPoint
    public let end: LatentPoint
    public let metric: LatentMetric
    /// The shortest path so far, from ``start`` to ``end``.
    public private(set) var path: LatentPath
    /// The length of each of its segments by the metric; nil before it was measured.
    public private(set) var steps: [Double]?
    private let space: SpaceSignature
    private var stage: Stage
    /// Whether the search began with an atlas of its own.
    private let isSurveyed: Bool

    private enum Stage {
        case survey(PlaneAtlas)
        case scout(PlaneScout)
        case choice(CurveChoice)
        case coarse(CurveRefinement)
        case fine(CurveRefinement)
        /// How unequal steps were before, as a share of their mean.
        case even(CurveValues, rounds: Int, before: Double)
        case finished
    }

    /// - Parameter atlas: of the plane; passed over where it is of another weighting, where it can't be used yet, or doesn't reach to
    ///   both ends.
    /// - Throws: ``GeometryError`` for ends that aren't of the space, and for a space of too many latents.
    public init(
        from start: LatentPoint, to end: LatentPoint, in space: DecodedSpace, under metric: LatentMetric = .plain,
        atlas: PlaneAtlas? = nil
    ) throws(GeometryError) {
        try space.checkDirections()
        try space.check([start, end])
        (self.start, self.end, self.metric) = (start, end, metric)
        self.space = SpaceSignature(space)
        path = try LatentPath.straight(from: start, to: end, segments: GeodesicSearch.segments)
        let known = atlas?.field(between: start, end, in: space, under: metric)
        let own =
            start == end || known != nil ? nil : PlaneAtlas(around: start, end, in: space, weighting: metric.weighting)
        isSurveyed = own != nil
        if start == end {
            steps = Array(repeating: 0, count: GeodesicSearch.segments)
            stage = .finished
        } else if let known {
            stage = GeodesicSearch.scout(from: start, to: end, in: known)
        } else {
            stage = own.map { .survey($0) } ?? GeodesicSearch.coarse(path, in: space, metric)
        }
    }

    /// Whether ``path`` is a geodesic, or the best that could be had.
    public var isFinished: Bool {
        if case .finished = stage { true } else { false }
    }

    /// About how much of the work is done, 0…1; it never goes back.
    public var progress: Double {
        // Without an atlas a survey of the plane comes first, and takes most of the time.
        let begun = isSurveyed ? 0.7 : 0
        return switch stage {
        case .survey(let atlas): begun * atlas.progress
        case .scout(let scout): begun + (1 - begun) * 0.3 * scout.progress
        case .choice(let choice): begun + (1 - begun) * (0.3 + 0.2 * choice.progress)
        case .coarse(let curve): 0.5 * curve.progress
        case .fine(let curve): begun + (1 - begun) * (0.5 + 0.4 * curve.progress)
        case .even(_, let rounds, _): begun + (1 - begun) * (0.9 + 0.01 * Double(rounds))
        case .finished: 1
        }
    }

    /// The length of ``path`` by the metric: the sum of its steps. Nil before it was measured.
    public var length: Double? { steps.map { $0.reduce(0, +) } }

    /// Does a piece of the work: with the usual 64 decodes three milliseconds with a model of MNIST's size on two cores.
    ///
    /// - Parameters:
    ///   - space: the one that the search was made for.
    ///   - decodes: about how many it may take; the least are a point with its tangents, or of large images with one.
    public mutating func advance(in space: DecodedSpace, decodes: Int = 64) {
        precondition(self.space == SpaceSignature(space), "a search goes on in the space it was made for")
        // What changes is taken out of the stage, so that it is not copied.
        let current = stage
        stage = .finished
        switch current {
        case .survey(var atlas):
            atlas.advance(in: space, under: metric, decodes: decodes)
            stage =
                atlas.field(under: metric).map { GeodesicSearch.scout(from: start, to: end, in: $0) } ?? .survey(atlas)
        case .scout(var scout):
            scout.advance(on: space.pool)
            show(scout.shortest?.coordinates(segments: GeodesicSearch.segments))
            guard scout.isFinished else {
                stage = .scout(scout)
                return
            }
            let guesses = scout.candidates.map { $0.coordinates(segments: GeodesicSearch.segments) }
            stage = .choice(CurveChoice(guesses.isEmpty ? [path.coordinates] : guesses, in: space))
        case .choice(var choice):
            choice.advance(decodes, in: space, under: metric)
            guard choice.isFinished, let best = choice.best else {
                stage = .choice(choice)
                return
            }
            stage = .fine(
                CurveRefinement(
                    best, in: space, under: metric, tolerance: GeodesicSearch.tolerance.guess, patience: 1,
                    mostSteps: 2))
        case .coarse(var curve):
            curve.advance(in: space, budget: max(1, decodes / 2))
            show(curve)
            stage = curve.isFinished ? fine(in: space) : .coarse(curve)
        case .fine(var curve):
            curve.advance(in: space, budget: max(1, decodes / 2))
            show(curve)
            stage = curve.isFinished ? evenStage(in: space) : .fine(curve)
        case .even(var values, let rounds, let before):
            values.advance(decodes, in: space, under: metric)
            stage = .even(values, rounds: rounds, before: before)
            guard values.isComplete(in: space) else { return }
            path = LatentPath(coordinates: values.coordinates, dimension: start.count)
            steps = values.segments.map { $0.squareRoot() }
            stage = evenStage(rounds: rounds + 1, before: before, in: space)
        case .finished:
            break
        }
    }

    private static func scout(from start: LatentPoint, to end: LatentPoint, in field: MetricField) -> Stage {
        .scout(PlaneScout(from: SIMD2(start), to: SIMD2(end), in: field))
    }

    private static func coarse(_ path: LatentPath, in space: DecodedSpace, _ metric: LatentMetric) -> Stage {
        let first = CurveValues(of: path.resampled(segments: coarseSegments).coordinates, in: space)
        return .coarse(CurveRefinement(first, in: space, under: metric, tolerance: tolerance.line, mostSteps: 24))
    }

    private func fine(in space: DecodedSpace) -> Stage {
        let count = GeodesicSearch.segments
        let first = steps.map { path.resampled(segments: count, steps: $0) } ?? path.resampled(segments: count)
        return .fine(
            CurveRefinement(
                CurveValues(of: first.coordinates, in: space), in: space, under: metric,
                tolerance: GeodesicSearch.tolerance.line, mostSteps: 8))
    }

    /// Equal steps, and what they are; or the end, where they are equal or nearly so, or hardly become so.
    ///
    /// - Parameter before: how unequal steps were before the last round, as a share of their mean.
    private func evenStage(rounds: Int = 0, before: Double = .infinity, in space: DecodedSpace) -> Stage {
        guard let steps, let least = steps.min(), let greatest = steps.max() else { return .finished }
        let differ = (greatest - least) * Double(steps.count) / steps.reduce(0, +)
        guard differ > GeodesicSearch.unevenness, differ < 0.8 * before, rounds < 2 else { return .finished }
        return .even(
            CurveValues(
                of: path.resampled(segments: GeodesicSearch.segments, steps: steps).coordinates, in: space),
            rounds: rounds, before: differ)
    }

    /// By how much of their mean the longest and the shortest step of the result may differ.
    private static let unevenness = 0.04

    /// A guess whose points were not decoded.
    private mutating func show(_ coordinates: [Float]?) {
        if let coordinates { path = LatentPath(coordinates: coordinates, dimension: start.count) }
    }

    private mutating func show(_ curve: CurveRefinement) {
        guard let segments = curve.segments else { return }
        path = LatentPath(coordinates: curve.coordinates, dimension: start.count)
        steps = segments
    }
}

/// What a search remembers of its space, so that it isn't continued in another.
struct SpaceSignature: Hashable, Sendable {
    let latentSize: Int
    let elements: Int

    init(_ space: DecodedSpace) { (latentSize, elements) = (space.latentSize, space.elements) }
}

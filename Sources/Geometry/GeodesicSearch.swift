import Latent

/// The search for the shortest path between two points under a metric, in pieces: whoever waits calls ``advance(in:)``
/// again and again, and may draw ``path`` in between.
///
/// In a plane lattices are decoded and searched for a first path; in other spaces the straight one is the first. It is refined
/// as a smooth curve, with few points and then with all, and at last cut into equally long steps. What is found is nearly a
/// geodesic, a curve that no small change makes shorter; of several geodesics it may miss the shortest.
public struct GeodesicSearch: Sendable {
    /// The number of segments of what is found.
    public static let segments = 96
    /// Of the curve that is refined first.
    private static let coarseSegments = 48
    /// The share of the energy below which a step of the refinement counts as small: a length changes by half as much.
    private static let tolerance = 2e-3

    public let start: LatentPoint
    public let end: LatentPoint
    public let metric: LatentMetric
    /// The shortest path so far, from ``start`` to ``end``.
    public private(set) var path: LatentPath
    /// The length of each of its segments by the metric; nil before it was measured.
    public private(set) var steps: [Double]?
    private let space: SpaceSignature
    private var stage: Stage

    private enum Stage {
        case lattice(LatticeSearch)
        case coarse(CurveRefinement)
        case fine(CurveRefinement)
        case even(CurveValues, rounds: Int)
        case finished
    }

    /// - Throws: ``GeometryError`` for ends that aren't of the space.
    public init(
        from start: LatentPoint, to end: LatentPoint, in space: DecodedSpace, under metric: LatentMetric = .plain
    ) throws(GeometryError) {
        try space.check([start, end])
        (self.start, self.end, self.metric) = (start, end, metric)
        self.space = SpaceSignature(space)
        path = try LatentPath.straight(from: start, to: end, segments: GeodesicSearch.segments)
        if start == end {
            steps = Array(repeating: 0, count: GeodesicSearch.segments)
            stage = .finished
        } else if space.latentSize == 2 {
            stage = .lattice(LatticeSearch(from: start, to: end, in: space, under: metric))
        } else {
            stage = GeodesicSearch.coarse(path, in: space, metric)
        }
    }

    /// Whether ``path`` is a geodesic, or the best that could be had.
    public var isFinished: Bool {
        if case .finished = stage { true } else { false }
    }

    /// The length of ``path`` by the metric: the sum of its steps. Nil before it was measured.
    public var length: Double? { steps.map { $0.reduce(0, +) } }

    /// Does a piece of the work: about as much as 64 decodes, three milliseconds with a model of MNIST's size on two cores.
    ///
    /// - Parameter space: the one that the search was made for.
    public mutating func advance(in space: DecodedSpace) {
        precondition(self.space == SpaceSignature(space), "a search goes on in the space it was made for")
        // What changes is taken out of the stage, so that it is not copied.
        let current = stage
        stage = .finished
        switch current {
        case .lattice(var lattice):
            lattice.advance(in: space, budget: 64)
            show(lattice)
            stage = lattice.isFinished ? GeodesicSearch.coarse(path, in: space, metric) : .lattice(lattice)
        case .coarse(var curve):
            curve.advance(in: space, budget: 48)
            show(curve)
            stage = curve.isFinished ? GeodesicSearch.fine(path, steps, in: space, metric) : .coarse(curve)
        case .fine(var curve):
            curve.advance(in: space, budget: 48)
            show(curve)
            stage = curve.isFinished ? evenStage(rounds: 0, in: space) : .fine(curve)
        case .even(var values, let rounds):
            values.advance(64, in: space, under: metric)
            stage = .even(values, rounds: rounds)
            guard values.isComplete(in: space) else { return }
            path = LatentPath(coordinates: values.coordinates, dimension: start.count)
            steps = values.segments.map { $0.squareRoot() }
            stage = evenStage(rounds: rounds + 1, in: space)
        case .finished:
            break
        }
    }

    // In a plane the lattices have found nearly all of the way: the steps are bounded so that somebody can wait for them.
    private static func coarse(_ path: LatentPath, in space: DecodedSpace, _ metric: LatentMetric) -> Stage {
        let first = path.resampled(segments: coarseSegments)
        return .coarse(
            CurveRefinement(
                first.coordinates, in: space, under: metric, tolerance: tolerance,
                mostSteps: space.latentSize == 2 ? 4 : 24))
    }

    private static func fine(
        _ path: LatentPath, _ steps: [Double]?, in space: DecodedSpace, _ metric: LatentMetric
    ) -> Stage {
        let first = steps.map { path.resampled(segments: segments, steps: $0) } ?? path.resampled(segments: segments)
        return .fine(
            CurveRefinement(
                first.coordinates, in: space, under: metric, tolerance: tolerance,
                mostSteps: space.latentSize == 2 ? 4 : 8))
    }

    /// Equal steps, and what they are; or the end, where they are equal, or nearly so after some rounds.
    private func evenStage(rounds: Int, in space: DecodedSpace) -> Stage {
        guard let steps, let least = steps.min(), let greatest = steps.max() else { return .finished }
        let mean = steps.reduce(0, +) / Double(steps.count)
        guard greatest - least > GeodesicSearch.unevenness * mean, rounds < 8 else { return .finished }
        return .even(
            CurveValues(
                of: path.resampled(segments: GeodesicSearch.segments, steps: steps).coordinates, in: space),
            rounds: rounds)
    }

    /// By how much of their mean the longest and the shortest step of the result may differ.
    private static let unevenness = 0.04

    private mutating func show(_ lattice: LatticeSearch) {
        path = lattice.path.resampled(segments: GeodesicSearch.segments, steps: lattice.steps)
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

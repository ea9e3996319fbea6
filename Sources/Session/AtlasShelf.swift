import Explorer
import Geometry
import Latent

/// Maps of the plane that geodesics are found by, kept as long as the weights are the same. The plain metric and the one among
/// the data share one.
final class AtlasShelf {
    private var metrics: [WalkMetric: LatentMetric] = [:]
    private var atlases: [LatentMetric.Weighting: PlaneAtlas] = [:]
    /// The class that the maps are of, of a conditional model.
    private var label: ClassMix?

    /// The metric over some data, which takes a moment to be made.
    func metric(_ metric: WalkMetric, cloud: LatentCloud?) -> LatentMetric {
        if let known = metrics[metric] { return known }
        let made = LatentMetric(metric, cloud: cloud)
        metrics[metric] = made
        return made
    }

    /// The map that serves a metric, as far as it was made.
    subscript(metric: LatentMetric, label: ClassMix?) -> PlaneAtlas? {
        label == self.label ? atlases[metric.weighting] : nil
    }

    /// Works at the map for a metric; begins it where there is none of this window.
    ///
    /// - Parameters:
    ///   - label: the class that a conditional model is asked for; maps of another are given up.
    ///   - decodes: how many it may take at most.
    /// - Returns: whether there is nothing left to do.
    func advance(
        _ metric: WalkMetric, over window: PlaneWindow, as label: ClassMix? = nil, decodes: Int = 64,
        at bench: Workbench
    ) -> Bool {
        guard let space = bench.engine.space(of: label) else { return true }
        if label != self.label { (self.label, atlases) = (label, [:]) }
        let under = self.metric(metric, cloud: bench.cloud)
        // Taken out, so that it is changed in place.
        let known = atlases.removeValue(forKey: under.weighting).flatMap { $0.window == window ? $0 : nil }
        guard var atlas = known ?? PlaneAtlas(of: space, over: window, weighting: under.weighting) else { return true }
        if !atlas.isComplete(under: under) { atlas.advance(in: space, under: under, decodes: decodes) }
        let isComplete = atlas.isComplete(under: under)
        atlases[under.weighting] = atlas
        return isComplete
    }

    /// The data are others now.
    func forgetDensity() { metrics[.density] = nil }
}

/// Makes a map of the plane, which nobody sees but the next search for a geodesic.
final class AtlasJob: Job {
    /// How long the decoding may take of a map that nobody waits for, by a pace that other programs may have slowed.
    static let quick = Duration.seconds(60)
    /// So many decodes tell how long that is.
    private static let trial = 500

    private let metric: WalkMetric
    private let window: PlaneWindow
    private let label: ClassMix?
    private let limit: Duration?
    private var pace = Pace()
    /// How many points were decoded, and how long that took.
    private var decodes = 0
    private var spent = Duration.zero
    private(set) var isDone = false

    /// - Parameters:
    ///   - label: the class that a conditional model is asked for.
    ///   - limit: gives up where the decoding would take longer; nil: it may take as long as it does.
    init(_ metric: WalkMetric, over window: PlaneWindow, as label: ClassMix? = nil, within limit: Duration? = nil) {
        (self.metric, self.window, self.label, self.limit) = (metric, window, label, limit)
    }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: piece)
        repeat {
            let (start, before) = (clock.now, bench.engine.space(of: label)?.decodes ?? 0)
            isDone = bench.atlases.advance(
                metric, over: window, as: label, decodes: pace.count(limit: 64), at: bench)
            let count = (bench.engine.space(of: label)?.decodes ?? 0) - before
            if count > 0 { note(count, took: start.duration(to: clock.now), of: piece, at: bench) }
        } while !isDone && clock.now < end
        return []
    }

    private func note(_ count: Int, took duration: Duration, of piece: Duration, at bench: Workbench) {
        pace.note(count, took: duration, of: piece)
        let isTold = decodes < Self.trial && decodes + count >= Self.trial
        decodes += count
        spent += duration
        guard let limit, isTold else { return }
        let left = bench.atlases[bench.atlases.metric(metric, cloud: bench.cloud), label]?.remaining ?? 0
        if spent * left / decodes > limit { isDone = true }
    }
}

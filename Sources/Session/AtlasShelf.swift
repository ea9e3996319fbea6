import Explorer
import Geometry
import Latent

/// Maps of the plane that geodesics are found by, kept as long as the weights are the same. The plain metric and the one among
/// the data share one.
final class AtlasShelf {
    private var metrics: [WalkMetric: LatentMetric] = [:]
    private var atlases: [LatentMetric.Weighting: PlaneAtlas] = [:]

    /// The metric over some data, which takes a moment to be made.
    func metric(_ metric: WalkMetric, cloud: LatentCloud?) -> LatentMetric {
        if let known = metrics[metric] { return known }
        let made = LatentMetric(metric, cloud: cloud)
        metrics[metric] = made
        return made
    }

    /// The map that serves a metric, as far as it was made.
    subscript(metric: LatentMetric) -> PlaneAtlas? { atlases[metric.weighting] }

    /// Works at the map for a metric; begins it where there is none of this window.
    ///
    /// - Returns: whether there is nothing left to do.
    func advance(_ metric: WalkMetric, over window: PlaneWindow, at bench: Workbench) -> Bool {
        guard let space = bench.engine.space else { return true }
        let under = self.metric(metric, cloud: bench.cloud)
        // Taken out, so that it is changed in place.
        let known = atlases.removeValue(forKey: under.weighting).flatMap { $0.window == window ? $0 : nil }
        guard var atlas = known ?? PlaneAtlas(of: space, over: window, weighting: under.weighting) else { return true }
        if !atlas.isComplete(under: under) { atlas.advance(in: space, under: under) }
        let isComplete = atlas.isComplete(under: under)
        atlases[under.weighting] = atlas
        return isComplete
    }

    /// The data are others now.
    func forgetDensity() { metrics[.density] = nil }
}

/// Makes a map of the plane, which nobody sees but the next search for a geodesic.
final class AtlasJob: Job {
    private let metric: WalkMetric
    private let window: PlaneWindow
    private(set) var isDone = false

    init(_ metric: WalkMetric, over window: PlaneWindow) { (self.metric, self.window) = (metric, window) }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: piece)
        repeat { isDone = bench.atlases.advance(metric, over: window, at: bench) } while !isDone && clock.now < end
        return []
    }
}

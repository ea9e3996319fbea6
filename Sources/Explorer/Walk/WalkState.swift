import Latent
import Pictures

/// What the Walk view knows.
struct WalkState: Sendable {
    /// The path that is walked, as soon as it is found.
    var kind = WalkPathKind.geodesic
    /// Nil: density-aware where there are data, else plain.
    var chosenMetric: WalkMetric?
    /// Whether all paths are seen side by side.
    var showsAll = false
    /// What was asked for last, and what came of it.
    var walk: Walk?
    var playback = WalkPlayback()
    /// Whether it was seen before: the first time it plays by itself.
    var wasSeen = false

    /// The ends that nobody chose: they give way to better ones when data come.
    var drawnEnds = WalkEnds()
    /// The data that image ends are of.
    var dataName: String?

    /// The data's own pictures of the ends, by their index, and the request that brings those that are missing.
    var originals: [Int: Picture] = [:]
    var originalsRequest: (number: Int, images: [Int])?

    /// The map of the plane that was asked for; nil: none since the view is seen.
    var atlas: WalkAtlas?
    /// The one that was asked for before the view was seen.
    var firstAtlas: WalkAtlas?

    /// What is drawn once.
    var map = PlaneMap()
    var film = Drawn<WalkFilm.Key>()
}

/// A map that geodesics are found by: which one.
struct WalkAtlas: Hashable, Sendable {
    var metric: WalkMetric
    var window: PlaneWindow
    /// ``State/projections``: which codes.
    var codes: Int
    /// The class that it is of, of a conditional model.
    var label: ClassMix?
}

/// A walk that was asked for, as far as it has come.
struct Walk: Sendable {
    let number: Int
    let order: WalkOrder
    /// ``State/clouds`` when it was asked for: the density is that of the data.
    let clouds: Int
    var paths: [WalkPathKind: WalkPath] = [:]
    /// The best way that the search for the geodesic has found so far.
    var way: [LatentPoint] = []
    /// Of the search for the geodesic, 0…1.
    var searched = 0.0
    /// Why there is no geodesic; nil where there will be one.
    var missingGeodesic: String?
    var hasNoGeodesic: Bool { missingGeodesic != nil }
    /// Counts what has come.
    var arrivals = 0

    /// - Returns: the path's points as they are known so far.
    func way(_ kind: WalkPathKind) -> [LatentPoint] {
        paths[kind]?.points ?? (kind == .geodesic ? way : [])
    }

    mutating func take(_ news: WalkNews) {
        arrivals += 1
        switch news {
        case .found(let path): paths[path.kind] = path
        case .searching(let way, let share): (self.way, searched) = (way, share)
        case .noGeodesic(let reason): missingGeodesic = reason
        }
    }
}

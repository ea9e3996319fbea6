import Latent
import Pictures

/// A map that geodesics are found by: which one.
struct WalkAtlas: Hashable, Sendable {
    var metric: WalkMetric
    var window: PlaneWindow
    /// ``Shared/projections``: which codes.
    var codes: Int
    /// The class that it is of, of a conditional model.
    var label: ClassMix?
}

/// A walk that was asked for, as far as it has come.
struct Walk: Sendable {
    let number: Int
    let order: WalkOrder
    /// ``Shared/clouds`` when it was asked for: the density is that of the data.
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

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
    /// What was asked for, or the way back.
    private(set) var order: WalkOrder
    /// ``Shared/clouds`` when it was asked for: the density is that of the data.
    let clouds: Int
    private(set) var paths: [WalkPathKind: WalkPath] = [:]
    /// The best way that the search for the geodesic has found so far.
    private(set) var way: [LatentPoint] = []
    /// Of the search for the geodesic, 0…1.
    private(set) var searched = 0.0
    /// Why there is no geodesic; nil where there will be one.
    private(set) var missingGeodesic: String?
    var hasNoGeodesic: Bool { missingGeodesic != nil }
    /// Counts the paths that have come, and how often they were turned around: what is drawn of them is to be drawn anew.
    private(set) var arrivals = 0
    /// Whether answers go the other way.
    private var isReversed = false

    init(number: Int, order: WalkOrder, clouds: Int) {
        self.number = number
        self.order = order
        self.clouds = clouds
    }

    /// - Returns: the path's points as they are known so far.
    func way(_ kind: WalkPathKind) -> [LatentPoint] {
        paths[kind]?.points ?? (kind == .geodesic ? way : [])
    }

    mutating func take(_ news: WalkNews) {
        switch news {
        case .found(let path):
            paths[path.kind] = isReversed ? path.reversed() : path
            arrivals += 1
        case .searching(let way, let share): (self.way, searched) = (isReversed ? way.reversed() : way, share)
        case .noGeodesic(let reason): missingGeodesic = reason
        }
    }

    /// Leads from the end to the start: what was found stays, and what is sought is still sought.
    mutating func reverse() {
        (order.start, order.end) = (order.end, order.start)
        paths = paths.mapValues { $0.reversed() }
        way.reverse()
        isReversed.toggle()
        arrivals += 1
    }
}

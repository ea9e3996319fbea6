import Latent

/// Which map of the decoder's stretch is wanted, and what has come of it.
extension Shared {
    /// Asks for the stretch over the plane where it is seen, as far as it is not there.
    mutating func refreshStretchMap() -> [Effect] {
        let own = self[ExploreView.self]
        guard preferences.plane.isStretch, let grid = planeGrid, let plane = explore.plane else {
            return dropStretchMap()
        }
        let key = StretchMap.Key(grid: grid, plane: plane, isSparse: preferences.plane == .ellipses)
        if let map = own.map, map.key == key, isOnPlane(of: map.base) {
            return map.isComplete || map.request != nil ? [] : requestStretchMap()
        }
        // On its way through other planes nobody looks at them for long.
        if own.map?.key == key, explore.glide != nil { return [] }
        let others = ([own.map].compactMap { $0 } + own.pastMaps).filter { isOnPlane(of: $0.base) }
        let map = StretchMap(key, base: explore.point, knowing: others, at: now)
        owned.update(ExploreView.self) { $0.replaceMap(by: map) }
        return map.isComplete ? (own.map?.request == nil ? [] : [.drop(.stretch)]) : requestStretchMap()
    }

    /// Whether the plane that is seen goes through a point, and is of its class.
    func isOnPlane(of base: LatentPoint) -> Bool { base.label == explore.point.label && isOnPlane(through: base) }

    /// Whether the plane that is seen goes through a point: moving on it rounds, moving off it is more.
    func isOnPlane(through base: LatentPoint) -> Bool {
        guard let plane = explore.plane, base.count == explore.point.count else { return false }
        return plane.point(explore.place, through: base).distance(to: explore.point) < 1e-3
    }

    private mutating func requestStretchMap() -> [Effect] {
        guard let map = self[ExploreView.self].map else { return [] }
        let number = nextNumber()
        owned.update(ExploreView.self) { $0.map?.request = (number, map.known) }
        let points = map.missingPlaces.map { map.key.plane.point($0, through: map.base) }
        return [.work(WorkRequest(number: number, slot: .stretch, work: .stretch(points, on: map.key.plane)))]
    }

    /// Nobody looks at what is still missing; what has come is kept.
    mutating func dropStretchMap() -> [Effect] {
        guard self[ExploreView.self].map?.request != nil else { return [] }
        owned.update(ExploreView.self) { $0.map?.request = nil }
        return [.drop(.stretch)]
    }

    mutating func takeStretchMap(_ answer: WorkAnswer) {
        guard case .stretches(let stretches, let first) = answer.result else { return }
        owned.update(ExploreView.self) { own in
            guard own.map?.request?.number == answer.number, var map = own.map.take() else { return }
            map.take(stretches, first: first)
            own.map = map
            own.arrivals += 1
        }
    }

    /// Other weights stretch otherwise: what is known is seen until that has come.
    mutating func forgetStretch() {
        owned.update(ExploreView.self) { $0.forgetStretch() }
    }

    /// How far the map has come, once that takes longer than a glance.
    var stretchProgress: Progress? {
        guard let map = self[ExploreView.self].map, map.request != nil, map.known > 0 else { return nil }
        let elapsed = now - map.start
        guard elapsed > .milliseconds(300) else { return nil }
        return Progress(work: "stretch", share: map.share, remaining: elapsed * (1 / map.share - 1))
    }
}

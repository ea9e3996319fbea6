import Latent
import Pictures

/// What the Walk view asks for, and what has come.
extension Shared {
    /// Frames of a path: two seconds at the usual speed.
    static let walkFrames = 24

    /// Asks for the walk between the present ends, where that is another than the last.
    mutating func refreshWalk() -> [Effect] {
        guard missingWalk == nil else {
            guard self[WalkView.self].walk != nil else { return [] }
            let isSought = isWalkSought
            owned.update(WalkView.self) { $0.walk = nil }
            return isSought ? [.drop(.walk)] : []
        }
        guard let start = walkPoint(.start), let end = walkPoint(.end) else { return [] }
        let order = WalkOrder(start: start, end: end, metric: walkMetric, frames: Self.walkFrames)
        let before = self[WalkView.self].walk
        let isStale = order.metric == .density && before?.clouds != clouds
        guard before?.order != order || isStale else { return [] }
        let number = nextNumber()
        let (time, clouds) = (now, clouds)
        owned.update(WalkView.self) { own in
            own.walk = Walk(number: number, order: order, clouds: clouds)
            // Another metric changes the geodesic alone.
            if before?.order.start != start || before?.order.end != end { own.playback.restart(at: time) }
        }
        return [.work(WorkRequest(number: number, slot: .walk, work: .walk(order)))]
    }

    /// Has the plane mapped under the walk's metric, so that the next geodesics are found sooner.
    mutating func refreshWalkAtlas() -> [Effect] {
        guard model.latentCount == 2, missingWalk == nil else { return [] }
        let atlas = WalkAtlas(
            metric: walkMetric, window: explore.wholeWindow, codes: projections, label: walkPoint(.start)?.label)
        guard atlas != self[WalkView.self].atlas else { return [] }
        owned.update(WalkView.self) { $0.atlas = atlas }
        let work = Work.atlas(atlas.metric, over: atlas.window, as: atlas.label)
        return [.work(WorkRequest(number: nextNumber(), slot: .atlas, work: work))]
    }

    /// Has the plane mapped while there is nothing else to do, so that the first geodesic finds the map.
    mutating func refreshFirstAtlas() -> [Effect] {
        guard model.latentCount == 2, missingWalk == nil else { return [] }
        let atlas = WalkAtlas(
            metric: walkMetric, window: explore.wholeWindow, codes: projections, label: explore.point.label)
        guard atlas != self[WalkView.self].firstAtlas else { return [] }
        owned.update(WalkView.self) { $0.firstAtlas = atlas }
        let work = Work.atlas(atlas.metric, over: atlas.window, as: atlas.label, ifQuick: true)
        return [.work(WorkRequest(number: nextNumber(), slot: .firstAtlas, work: work))]
    }

    /// Asks for the data's own pictures of the ends.
    mutating func refreshWalkOriginals() -> [Effect] {
        let own = self[WalkView.self]
        let wanted = [walkEnds.start, walkEnds.end].compactMap { end -> Int? in
            guard case .image(let image) = end, (0..<(cloud?.count ?? 0)).contains(image) else { return nil }
            return image
        }
        let missing = wanted.filter { own.originals[$0] == nil }
        guard !missing.isEmpty, own.originalsRequest?.images != missing else { return [] }
        let number = nextNumber()
        owned.update(WalkView.self) { $0.originalsRequest = (number, missing) }
        return [.work(WorkRequest(number: number, slot: .images, work: .images(missing)))]
    }

    mutating func takeWalk(_ answer: WorkAnswer) {
        guard case .walk(let news) = answer.result else { return }
        owned.update(WalkView.self) { own in
            guard own.walk?.number == answer.number else { return }
            own.walk?.take(news)
        }
    }

    mutating func takeWalkOriginals(_ answer: WorkAnswer) {
        guard case .pictures(let pictures, let first) = answer.result else { return }
        owned.update(WalkView.self) { own in
            guard let request = own.originalsRequest, request.number == answer.number else { return }
            // The latest few are enough.
            if own.originals.count > 64 { own.originals = [:] }
            for (offset, picture) in pictures.enumerated() where request.images.indices.contains(first + offset) {
                own.originals[request.images[first + offset]] = picture
            }
        }
    }

    /// What was found is of other weights, or of another model.
    mutating func forgetWalk() {
        owned.update(WalkView.self) { own in
            own.walk = nil
            own.atlas = nil
        }
    }

    /// Whether the search for the geodesic goes on.
    var isWalkSought: Bool {
        guard let walk = self[WalkView.self].walk else { return false }
        return !walk.hasNoGeodesic && walk.paths[.geodesic] == nil
    }
}

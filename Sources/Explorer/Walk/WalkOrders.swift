import Latent
import Pictures

/// What the Walk view asks for, and what has come.
extension WalkView {
    /// Frames of a path: two seconds at the usual speed.
    static let frames = 24

    /// Asks for the walk between the present ends, where that is another than the last.
    mutating func refreshWalk(_ shared: inout Shared) -> [Effect] {
        guard missingWalk(shared) == nil else {
            guard walk != nil else { return [] }
            defer { walk = nil }
            return isSought ? [.drop(.walk)] : []
        }
        guard let start = shared.walkPoint(.start), let end = shared.walkPoint(.end) else { return [] }
        let order = WalkOrder(start: start, end: end, metric: metric(shared), frames: Self.frames)
        let isStale = order.metric == .density && walk?.clouds != shared.clouds
        guard walk?.order != order || isStale else { return [] }
        // Another metric changes the geodesic alone.
        if walk?.order.start != start || walk?.order.end != end { playback.restart(at: shared.now) }
        let number = shared.nextNumber()
        walk = Walk(number: number, order: order, clouds: shared.clouds)
        return [.work(WorkRequest(number: number, slot: .walk, work: .walk(order)))]
    }

    /// Has the plane mapped under the walk's metric, so that the next geodesics are found sooner.
    mutating func refreshAtlas(_ shared: inout Shared) -> [Effect] {
        guard let atlas = neededAtlas(as: shared.walkPoint(.start)?.label, shared), atlas != self.atlas else {
            return []
        }
        self.atlas = atlas
        let work = Work.atlas(atlas.metric, over: atlas.window, as: atlas.label)
        return [.work(WorkRequest(number: shared.nextNumber(), slot: .atlas, work: work))]
    }

    /// Has the plane mapped while there is nothing else to do, so that the first geodesic finds the map.
    mutating func refreshFirstAtlas(_ shared: inout Shared) -> [Effect] {
        guard let atlas = neededAtlas(as: shared.explore.point.label, shared), atlas != firstAtlas else { return [] }
        firstAtlas = atlas
        let work = Work.atlas(atlas.metric, over: atlas.window, as: atlas.label, ifQuick: true)
        return [.work(WorkRequest(number: shared.nextNumber(), slot: .firstAtlas, work: work))]
    }

    /// Nil: nothing is found by a map.
    private func neededAtlas(as label: ClassMix?, _ shared: Shared) -> WalkAtlas? {
        guard shared.model.latentCount == 2, missingWalk(shared) == nil else { return nil }
        return WalkAtlas(
            metric: metric(shared), window: shared.explore.wholeWindow, codes: shared.projections, label: label)
    }

    /// Asks for the data's own pictures of the ends.
    mutating func refreshOriginals(_ shared: inout Shared) -> [Effect] {
        let count = shared.cloud?.count ?? 0
        let missing = WalkSide.allCases.compactMap { side -> Int? in
            guard case .image(let image) = shared.walkEnds[side], (0..<count).contains(image) else { return nil }
            return originals[image] == nil ? image : nil
        }
        guard !missing.isEmpty, originalsRequest?.images != missing else { return [] }
        let number = shared.nextNumber()
        originalsRequest = (number, missing)
        return [.work(WorkRequest(number: number, slot: .images, work: .images(missing)))]
    }

    mutating func take(_ answer: WorkAnswer) {
        guard case .walk(let news) = answer.result, walk?.number == answer.number else { return }
        walk?.take(news)
    }

    mutating func takeOriginals(_ answer: WorkAnswer) {
        guard case .pictures(let pictures, let first) = answer.result, let request = originalsRequest,
            request.number == answer.number
        else { return }
        // The latest few are enough.
        if originals.count > 64 { originals = [:] }
        for (offset, picture) in pictures.enumerated() where request.images.indices.contains(first + offset) {
            originals[request.images[first + offset]] = picture
        }
    }

    /// What was found is of other weights, or of another model.
    mutating func forgetWalk() {
        walk = nil
        atlas = nil
    }

    /// Whether the search for the geodesic goes on.
    var isSought: Bool { walk.map { !$0.hasNoGeodesic && $0.paths[.geodesic] == nil } ?? false }
}

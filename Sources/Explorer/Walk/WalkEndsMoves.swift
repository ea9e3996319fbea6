import Latent

/// Ends that nobody chose, and ends in place of others.
extension WalkView {
    /// Draws the ends that are missing, so that there is something to see at once; and again those drawn without data,
    /// when data have come.
    func completeEnds(_ shared: inout Shared) {
        for side in WalkSide.allCases {
            let isReplaced =
                shared.walkEnds.drawn.contains(side) && shared.walkEnds[side]?.isImage == false
                && (shared.cloud?.count ?? 0) > 1
            guard isReplaced || shared.walkPoint(side) == nil else { continue }
            shared.walkEnds.draw(side, at: drawnEnd(side, &shared))
        }
    }

    private func drawnEnd(_ side: WalkSide, _ shared: inout Shared) -> WalkEnd {
        if let image = goodImage(for: side, &shared) { return .image(image) }
        guard shared.model.latentCount == 2 else {
            return .point(
                shared.classed(.prior(dimension: shared.model.latentCount, using: &shared.generator)))
        }
        return .point(shared.classed(LatentPoint(side == .start ? -1.5 : 1.5, 0)))
    }

    /// The same paths the other way.
    mutating func swapEnds(_ shared: inout Shared) {
        shared.walkEnds.swap()
        walk?.reverse()
        playback.restart(at: shared.now)
    }

    /// Other images of the same classes; where there are none, other images or points.
    func renewEnds(_ shared: inout Shared) {
        for side in WalkSide.allCases { shared.walkEnds[side] = otherEnd(side, &shared) }
    }

    private func otherEnd(_ side: WalkSide, _ shared: inout Shared) -> WalkEnd? {
        guard shared.walkEnds[side]?.isImage == true, let cloud = shared.cloud, cloud.count > 0 else {
            let label = shared.walkPoint(side)?.label
            let point = LatentPoint.prior(dimension: shared.model.latentCount, using: &shared.generator)
            return .point(shared.classed(point.labelled(label)))
        }
        guard let label = shared.walkLabel(side), let labels = cloud.labels else {
            return .image(Int.random(in: 0..<cloud.count, using: &shared.generator))
        }
        return shared.randomImage(of: label, in: labels, otherThan: shared.walkEnds[side]).map(WalkEnd.image)
    }

    /// Image ends of other data mean nothing.
    mutating func forgetForeignEnds(_ shared: inout Shared) {
        let name = shared.cloud?.name
        guard dataName != name else { return }
        let isOther = dataName != nil
        dataName = name
        originals = [:]
        originalsRequest = nil
        guard isOther else { return }
        for side in WalkSide.allCases where shared.walkEnds[side]?.isImage == true { shared.walkEnds[side] = nil }
    }
}

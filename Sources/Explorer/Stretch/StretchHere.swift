import Latent

/// The decoder's stretch at the point: the newest that has come, while a newer one is waited for.
struct StretchHere: Hashable, Sendable {
    var value: PlaneStretch?
    /// What was asked for last.
    var point: LatentPoint?
    var plane: LatentPlane?
    var number = 0
    /// Whether the model's derivatives cannot be had.
    var isUnavailable = false
}

extension Shared {
    /// Asks for the stretch at the point, where that has not been done.
    mutating func refreshStretchHere() -> [Effect] {
        let before = self[ExploreView.self].stretch
        guard before.point != explore.point || before.plane != explore.plane, !before.isUnavailable else { return [] }
        let number = nextNumber()
        owned.update(ExploreView.self) { own in
            own.stretch.point = explore.point
            own.stretch.plane = explore.plane
            own.stretch.number = number
        }
        return [
            .work(WorkRequest(number: number, slot: .point, work: .stretch([explore.point], on: explore.plane)))
        ]
    }

    mutating func takeStretchHere(_ answer: WorkAnswer) {
        guard case .stretches(let stretches, _) = answer.result else { return }
        owned.update(ExploreView.self) { own in
            guard own.stretch.number == answer.number else { return }
            own.stretch.value = stretches.first
            own.stretch.isUnavailable = stretches.isEmpty
        }
    }
}

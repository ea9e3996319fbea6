import Latent

/// Where a walk begins or ends.
enum WalkEnd: Hashable, Sendable {
    /// An image of the data, by its index in the cloud: where the encoder puts it.
    case image(Int)
    case point(LatentPoint)
}

enum WalkSide: Hashable, Sendable { case start, end }

/// The ends of the walk, which several views choose; nil: not chosen yet.
struct WalkEnds: Hashable, Sendable {
    var start: WalkEnd?
    var end: WalkEnd?

    subscript(side: WalkSide) -> WalkEnd? {
        get { side == .start ? start : end }
        set { if side == .start { start = newValue } else { end = newValue } }
    }
}

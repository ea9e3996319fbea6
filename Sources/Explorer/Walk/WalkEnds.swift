import Latent

/// Where a walk begins or ends.
enum WalkEnd: Hashable, Sendable {
    /// An image of the data, by its index in the cloud: where the encoder puts it.
    case image(Int)
    case point(LatentPoint)

    var isImage: Bool { if case .image = self { true } else { false } }
}

enum WalkSide: CaseIterable, Hashable, Sendable { case start, end }

/// The ends of the walk, which several views choose; nil: not chosen yet.
struct WalkEnds: Hashable, Sendable {
    var start: WalkEnd? { didSet { drawn.remove(.start) } }
    var end: WalkEnd? { didSet { drawn.remove(.end) } }
    /// Those that nobody chose: they give way to better ones when data come.
    private(set) var drawn: Set<WalkSide> = []

    subscript(side: WalkSide) -> WalkEnd? {
        get { side == .start ? start : end }
        set { if side == .start { start = newValue } else { end = newValue } }
    }

    /// Sets an end that nobody chose.
    mutating func draw(_ side: WalkSide, at end: WalkEnd) {
        self[side] = end
        drawn.insert(side)
    }

    mutating func swap() {
        let drawn = drawn
        (start, end) = (end, start)
        self.drawn = Set(drawn.map { $0 == .start ? .end : .start })
    }
}

import Explorer
import Geometry
import Latent
import Pictures

/// A path that is being decoded and measured: its frames first, then its length.
struct PathFilm {
    let kind: WalkPathKind
    /// Where the frames lie.
    private let points: [LatentPoint]
    /// The path's course, fine enough to be measured.
    private let curve: LatentPath
    /// Whether all of it is of one class: a space that changes its class has no lengths.
    private let isOfOneClass: Bool
    private var pictures: [Picture] = []
    private var length = 0.0
    /// Segments of the curve that are measured.
    private var measured = 0
    private(set) var isDone = false

    /// - Parameters:
    ///   - order: its ends say from which class it leads to which.
    ///   - points: those of the curve that are shown; nil: evenly along it.
    init(_ kind: WalkPathKind, along curve: LatentPath, _ order: WalkOrder, at points: [LatentPoint]? = nil) {
        (self.kind, self.curve) = (kind, curve)
        let last = order.frames - 1
        let places = points ?? (0...last).map { curve.point(at: Double($0) / Double(last)) }
        self.points = places.enumerated().map { frame, point in
            point.labelled(order.start.label(towards: order.end, share: Float(frame) / Float(last)))
        }
        isOfOneClass = order.start.label == order.end.label
    }

    /// Decodes some frames, or measures some segments.
    ///
    /// - Parameter pace: how many points make a piece.
    mutating func advance(
        at bench: Workbench, under metric: LatentMetric, pace: inout Pace, piece: Duration
    ) -> [WalkNews] {
        let count = pace.count(limit: bench.engine.batch)
        let clock = ContinuousClock()
        let start = clock.now
        if pictures.count < points.count {
            let part = points[pictures.count...].prefix(count)
            pictures += bench.engine.decode(Array(part))
            pace.note(part.count, took: start.duration(to: clock.now), of: piece)
            // The film is worth showing before its length is known.
            return pictures.count == points.count ? [.found(path(length: nil))] : []
        }
        let last = min(curve.segments, measured + count)
        guard isOfOneClass, let space = bench.engine.space(of: points[0].label),
            let part = try? LatentPath(Array(curve.points[measured...last])),
            let more = try? space.length(of: part, under: metric)
        else {
            isDone = true
            return []
        }
        pace.note(last - measured, took: start.duration(to: clock.now), of: piece)
        length += more
        measured = last
        isDone = measured == curve.segments
        return isDone ? [.found(path(length: length))] : []
    }

    private func path(length: Double?) -> WalkPath {
        WalkPath(kind: kind, points: points, pictures: pictures, length: length)
    }
}

import Cells
import Latent

/// The part of the plane that is seen: all that is known of the paths, with a margin.
struct WalkPlane: Hashable, Sendable {
    /// ``Walk/number`` of the walk that it is fitted to.
    private var walk: Int
    private(set) var window: PlaneWindow

    /// Of the paths' extent, on each side.
    private static let margin: Float = 0.15
    /// Of the whole window, however near the ends are to each other.
    private static let leastShare: Float = 0.05
    /// While paths are sought the window may be so many times what they need, so that it rests.
    private static let roominess: Float = 2.5

    /// - Parameters:
    ///   - places: on the plane; at least one.
    ///   - before: what is seen now; it stays while paths are sought, as long as it suits.
    init(showing places: [LatentPoint], of walk: Walk, insteadOf before: WalkPlane?, isSought: Bool, whole: PlaneWindow)
    {
        let ranges = (0..<2).map { axis -> ClosedRange<Float> in
            let values = places.map { $0[axis] }.filter(\.isFinite)
            return (values.min() ?? 0)...(values.max() ?? 0)
        }
        let extent = max(
            ranges.map { $0.upperBound - $0.lowerBound }.max() ?? 0,
            Self.leastShare * max(whole.span.0, whole.span.1))
        self.walk = walk.number
        if isSought, let before, before.walk == walk.number, before.holds(ranges),
            max(before.window.span.0, before.window.span.1) <= Self.roominess * extent
        {
            window = before.window
            return
        }
        let missing = extent - (ranges.map { $0.upperBound - $0.lowerBound }.max() ?? 0)
        let margin = Self.margin * extent + missing / 2
        let wide = ranges.map { $0.lowerBound - margin...$0.upperBound + margin }
        window = PlaneWindow(wide[0], wide[1])
    }

    private func holds(_ ranges: [ClosedRange<Float>]) -> Bool {
        window.horizontal.contains(ranges[0].lowerBound) && window.horizontal.contains(ranges[0].upperBound)
            && window.vertical.contains(ranges[1].lowerBound) && window.vertical.contains(ranges[1].upperBound)
    }
}

extension WalkView {
    /// Fits the plane to what is known of the paths.
    mutating func refreshPlane(_ shared: Shared) {
        guard let plane = shared.explore.plane, let walk else { return }
        let points = [walk.order.start, walk.order.end] + WalkPathKind.allCases.flatMap(walk.way)
        self.plane = WalkPlane(
            showing: points.map { plane.coordinates(of: $0) }, of: walk, insteadOf: self.plane, isSought: isSought,
            whole: shared.explore.wholeWindow)
    }

    /// The plane on the cells of its pane, one unit as long on both axes.
    func planeGrid(in rect: Rect, _ shared: Shared) -> PlaneGrid {
        PlaneGrid(
            plane?.window ?? shared.explore.wholeWindow, columns: rect.columns, rows: rect.rows,
            cellRatio: shared.theme.profile.cellRatio)
    }
}

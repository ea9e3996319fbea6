import Cells
import Latent

/// The Manifold view with a row for each class of a conditional model: across goes the plane's first axis, through the
/// point.
extension ManifoldView {
    /// The class of the first row; nil: rows are places of the plane.
    func firstClass(_ shared: Shared) -> Int? {
        guard let first = own.firstClass, let count = shared.model.classCount else { return nil }
        return max(0, min(first, count - layout(shared).grid.down))
    }

    /// The class of the row that a place lies in; nil: rows are places of the plane.
    func classOfRow(at place: SIMD2<Double>, _ shared: Shared) -> ClassMix? {
        firstClass(shared).map { first in
            ClassMix(first + layout(shared).tile(nearest: frame(shared).steps(to: place)).row)
        }
    }

    /// The point at a coordinate of the plane's first axis, all else as at the present point.
    func point(along first: Float, _ label: ClassMix, _ shared: Shared) -> LatentPoint {
        guard shared.explore.plane != nil else { return LatentPoint([first], label: label) }
        return shared.explore.point(at: LatentPoint(first, shared.explore.place[1])).labelled(label)
    }

    /// Whether a set's rows are the classes that are seen.
    func hasSeenClasses(_ set: TileSet, _ shared: Shared) -> Bool {
        guard set.firstClass == firstClass(shared), set.plane == shared.explore.plane else { return false }
        guard let plane = shared.explore.plane else { return true }
        return shared.isOnPlane(through: set.base) && plane.coordinates(of: set.base)[1] == shared.explore.place[1]
    }

    mutating func toggleClassRows(_ shared: inout Shared) {
        guard let count = shared.classCount() else { return }
        let isOn = own.firstClass != nil
        let place = place(of: cursor(shared), shared)
        let label = shared.explore.point.label?.nearest ?? 0
        own.firstClass = isOn ? nil : label
        (own.tiles, own.older, own.zoom) = (nil, nil, nil)
        // A dive into the plane means nothing among rows of classes.
        own.past = []
        own.layers += 1
        own.cursor = place
        if !isOn { bringCursorToClass(shared) }
        let axis = shared.axisNames.first ?? "z"
        let more = count > layout(shared).grid.down ? "; up and down bring those that have no room" : ""
        shared.note(isOn ? "rows are places of the plane" : "a row for each of \(count) classes, along \(axis)\(more)")
    }

    /// Puts the cursor into the row of the present class.
    mutating func bringCursorToClass(_ shared: Shared) {
        guard let count = shared.model.classCount, let first = firstClass(shared),
            let label = shared.explore.point.label?.nearest
        else { return }
        let down = layout(shared).grid.down
        let scrolled = max(0, min(count - down, max(label - down + 1, min(first, label))))
        own.firstClass = scrolled
        moveCursor(to: TilePlace(column: cursor(shared).column, row: label - scrolled), shared)
    }

    /// Shows other classes, where not all have room.
    ///
    /// - Returns: whether there were some.
    mutating func scrollClasses(by rows: Int, _ shared: inout Shared) -> Bool {
        guard let count = shared.model.classCount, let first = firstClass(shared) else { return false }
        let scrolled = max(0, min(count - layout(shared).grid.down, first + rows))
        guard scrolled != first else {
            shared.note(rows < 0 ? "this is the first class" : "this is the last class")
            return false
        }
        own.firstClass = scrolled
        return true
    }

    /// "classes 0…4 of 10, row by row".
    func classRows(_ shared: Shared) -> String? {
        guard let first = firstClass(shared), let count = shared.model.classCount else { return nil }
        let last = first + layout(shared).grid.down - 1
        let of = last - first + 1 < count ? " of \(count)," : ""
        return "classes \(first)\(shared.theme.typography.ellipsis)\(last)\(of) row by row"
    }

    /// A row's class, with a mark where further classes lie beyond it.
    func classMark(_ number: Int, _ tiles: TileSet, _ shared: Shared) -> String {
        guard let first = tiles.firstClass, let count = shared.model.classCount else { return "" }
        let isEnd = number == first && first > 0 || number == first + tiles.down - 1 && number < count - 1
        return "\(number)" + (isEnd ? shared.theme.typography.ellipsis : "")
    }
}

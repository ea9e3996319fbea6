import Cells
import Latent

/// The Manifold view with a row for each class of a conditional model: across goes the plane's first axis, through the
/// point.
extension Shared {
    /// The class of the first row; nil: rows are places of the plane.
    var manifoldFirstClass: Int? {
        guard let first = self[ManifoldView.self].firstClass, let count = model.classCount else { return nil }
        return max(0, min(first, count - manifoldLayout.grid.down))
    }

    /// The class of the row that a place lies in; nil: rows are places of the plane.
    func manifoldClass(at place: SIMD2<Double>) -> ClassMix? {
        manifoldFirstClass.map { first in
            ClassMix(first + manifoldLayout.tile(nearest: manifoldFrame.steps(to: place)).row)
        }
    }

    /// The point at a coordinate of the plane's first axis, all else as at the present point.
    func manifoldPoint(along first: Float, _ label: ClassMix) -> LatentPoint {
        guard explore.plane != nil else { return LatentPoint([first], label: label) }
        return explore.point(at: LatentPoint(first, explore.place[1])).labelled(label)
    }

    /// Whether a set's rows are the classes that are seen.
    func hasSeenClasses(_ set: TileSet) -> Bool {
        guard set.firstClass == manifoldFirstClass, set.plane == explore.plane else { return false }
        guard let plane = explore.plane else { return true }
        return isOnPlane(through: set.base) && plane.coordinates(of: set.base)[1] == explore.place[1]
    }

    mutating func toggleManifoldClassRows() {
        guard let count = classCount() else { return }
        let isOn = self[ManifoldView.self].firstClass != nil
        let place = manifoldPlace(of: manifoldCursor)
        let label = explore.point.label?.nearest ?? 0
        changeManifold { own in
            own.firstClass = isOn ? nil : label
            (own.tiles, own.older, own.zoom) = (nil, nil, nil)
            // Dives into the plane are none into rows of classes.
            own.past = []
            own.layers += 1
            own.clearsMargin = true
            own.cursor = place
        }
        if !isOn { bringManifoldCursorToClass() }
        let axis = axisNames.first ?? "z"
        let more = count > manifoldLayout.grid.down ? "; up and down bring those that have no room" : ""
        note(isOn ? "rows are places of the plane" : "a row for each of \(count) classes, along \(axis)\(more)")
    }

    /// Puts the cursor into the row of the present class.
    mutating func bringManifoldCursorToClass() {
        guard let count = model.classCount, let first = manifoldFirstClass, let label = explore.point.label?.nearest
        else { return }
        let down = manifoldLayout.grid.down
        let scrolled = max(0, min(count - down, max(label - down + 1, min(first, label))))
        changeManifold { $0.firstClass = scrolled }
        moveManifoldCursor(to: TilePlace(column: manifoldCursor.column, row: label - scrolled))
    }

    /// Shows other classes, where not all have room.
    ///
    /// - Returns: whether there were some.
    mutating func scrollManifoldClasses(by rows: Int) -> Bool {
        guard let count = model.classCount, let first = manifoldFirstClass else { return false }
        let scrolled = max(0, min(count - manifoldLayout.grid.down, first + rows))
        guard scrolled != first else {
            note(rows < 0 ? "this is the first class" : "this is the last class")
            return false
        }
        changeManifold { $0.firstClass = scrolled }
        return true
    }

    /// "classes 0…4 of 10, row by row".
    var manifoldClassRows: String? {
        guard let first = manifoldFirstClass, let count = model.classCount else { return nil }
        let last = first + manifoldLayout.grid.down - 1
        let of = last - first + 1 < count ? " of \(count)," : ""
        return "classes \(first)\(theme.typography.ellipsis)\(last)\(of) row by row"
    }

    /// A row's class, with a mark where further classes lie beyond it.
    func manifoldClassMark(_ number: Int, _ tiles: TileSet) -> String {
        guard let first = tiles.firstClass, let count = model.classCount else { return "" }
        let isEnd = number == first && first > 0 || number == first + tiles.down - 1 && number < count - 1
        return "\(number)" + (isEnd ? theme.typography.ellipsis : "")
    }
}

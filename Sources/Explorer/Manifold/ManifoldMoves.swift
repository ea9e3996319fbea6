import Cells
import Latent

/// What the keys of the Manifold view do.
extension Shared {
    var manifoldLayout: ManifoldLayout {
        ManifoldLayout(
            size: size, model: model, sizeOffset: self[ManifoldView.self].sizeOffset,
            classes: self[ManifoldView.self].firstClass == nil ? nil : model.classCount,
            cellRatio: theme.profile.cellRatio)
    }

    /// The grid that is seen, or will be when a zoom is over.
    var manifoldFrame: ManifoldFrame {
        let own = self[ManifoldView.self]
        return own.frame ?? manifoldLayout.whole(explore.wholeWindow, scale: own.scale)
    }

    /// The tile under the cursor; in the middle as long as it was never moved.
    var manifoldCursor: TilePlace {
        let grid = manifoldLayout.grid
        guard let place = self[ManifoldView.self].cursor else {
            return TilePlace(column: grid.across / 2, row: grid.down / 2)
        }
        return tile(nearest: place, in: manifoldFrame)
    }

    /// The place that the cursor is at, or the nearest tile's where it was never moved.
    private var manifoldCursorPlace: SIMD2<Double> {
        self[ManifoldView.self].cursor ?? manifoldPlace(of: manifoldCursor)
    }

    /// The place of a tile on the frame's scale.
    func manifoldPlace(of tile: TilePlace) -> SIMD2<Double> {
        let offset = manifoldLayout.offset(of: tile)
        return manifoldFrame.place(right: offset.x, up: offset.y)
    }

    /// The point of the latent space at a place of the manifold.
    func manifoldPoint(of place: SIMD2<Double>) -> LatentPoint {
        let coordinates = manifoldFrame.coordinates(of: place)
        if let label = manifoldClass(at: place) { return manifoldPoint(along: coordinates.x, label) }
        guard explore.plane != nil else { return LatentPoint([coordinates.x], label: explore.point.label) }
        return explore.point(at: LatentPoint(coordinates.x, coordinates.y))
    }

    /// The point under the cursor.
    var manifoldCursorPoint: LatentPoint { manifoldPoint(of: manifoldPlace(of: manifoldCursor)) }

    /// The tile nearest to a place, within the grid.
    private func tile(nearest place: SIMD2<Double>, in frame: ManifoldFrame) -> TilePlace {
        manifoldLayout.tile(nearest: frame.steps(to: place))
    }

    mutating func changeManifold(_ change: (inout ManifoldState) -> Void) {
        owned.update(ManifoldView.self, change)
    }

    // MARK: The cursor

    /// Moves the cursor; at the edge the grid moves under it.
    mutating func moveManifoldCursor(_ columns: Int, _ rows: Int) {
        let grid = manifoldLayout.grid
        let cursor = manifoldCursor
        var target = TilePlace(column: cursor.column + columns, row: cursor.row - rows)
        if manifoldLayout.isLine, target.column < 0 || target.column >= grid.across {
            // At the end of a row the line goes on in the next one.
            target = TilePlace(
                column: (target.column + grid.across) % grid.across, row: target.row + (columns > 0 ? 1 : -1))
        }
        if !(0..<grid.across).contains(target.column) || !(0..<grid.down).contains(target.row) {
            _ = panManifold(columns, rows)
        } else {
            moveManifoldCursor(to: target)
        }
    }

    mutating func moveManifoldCursor(to tile: TilePlace) {
        let place = manifoldPlace(of: tile)
        changeManifold { $0.cursor = place }
    }

    mutating func pointManifoldCursor(at position: Position) {
        let grid = manifoldLayout.grid
        let places = grid.places
        guard let index = places.firstIndex(where: { $0.contains(position) }) else { return }
        moveManifoldCursor(to: TilePlace(column: index % grid.across, row: index / grid.across))
    }

    /// Puts the cursor where the cross-hair is, if that can be seen.
    mutating func bringManifoldCursor(to point: LatentPoint) {
        let frame = manifoldFrame
        let coordinates =
            explore.plane.map { $0.coordinates(of: point) } ?? LatentPoint(point[0], Float(frame.center.y))
        let place = frame.place(of: SIMD2(coordinates[0], coordinates[1]))
        let (steps, half) = (frame.steps(to: place), manifoldLayout.extents / 2)
        let isSeen = abs(steps.y) <= half.y || manifoldLayout.isLine || manifoldFirstClass != nil
        guard abs(steps.x) <= half.x, isSeen else { return }
        changeManifold { $0.cursor = place }
        bringManifoldCursorToClass()
    }

    // MARK: The frame

    /// Moves the grid by whole tiles, so that pictures that stay on the screen need not be decoded again.
    ///
    /// - Returns: whether it moved.
    mutating func panManifold(_ columns: Int, _ rows: Int) -> Bool {
        if manifoldFirstClass != nil, rows != 0 { return scrollManifoldClasses(by: -rows) }
        var frame = manifoldFrame
        let cursor = manifoldCursor
        let moved = manifoldLayout.steps(columns: columns, rows: rows)
        frame.center = frame.place(right: Double(moved.along), up: Double(moved.across))
        let half = manifoldLayout.extents * frame.step / 2
        let limit: ClosedRange<Double> = frame.scale == .quantiles ? 0...1 : -Self.manifoldReach...Self.manifoldReach
        for axis in [0, 1] {
            let way = axis == 0 ? moved.along : moved.across
            let edge = way > 0 ? frame.center[axis] + half[axis] : frame.center[axis] - half[axis]
            guard way != 0, !(limit.lowerBound - 1e-9...limit.upperBound + 1e-9).contains(edge) else { continue }
            note(frame.scale == .quantiles ? "the prior ends here" : "this is as far as it goes")
            return false
        }
        changeManifold { own in
            own.frame = frame
            own.zoom = nil
        }
        moveManifoldCursor(to: cursor)
        return true
    }

    /// Beyond this no model has anything.
    private static let manifoldReach = 1e3

    /// A third of the screen.
    mutating func leapManifold(_ columns: Int, _ rows: Int) {
        let grid = manifoldLayout.grid
        _ = panManifold(columns * max(1, grid.across / 3), rows * max(1, grid.down / 3))
    }

    /// Zooms in around the cursor's tile, which comes to the middle.
    mutating func diveIntoManifold() {
        let (frame, place) = (manifoldFrame, manifoldPlace(of: manifoldCursor))
        let grid = manifoldLayout.grid
        let middle = TilePlace(column: grid.across / 2, row: grid.down / 2)
        var inner = frame.zoomed(by: 1 / Self.manifoldZoom, around: place)
        inner.center = place - manifoldLayout.offset(of: middle) * inner.step
        // Rows that are classes stay.
        if manifoldFirstClass != nil { (inner.center.y, inner.step.y) = (frame.center.y, frame.step.y) }
        guard inner.isResolved else {
            note("float32 ends here: nearer neighbors would be the same point")
            return
        }
        let before = ManifoldDive(frame: self[ManifoldView.self].frame, cursor: place)
        changeManifold { own in
            own.past.append(before)
            own.cursor = place
        }
        travelManifold(from: frame, to: inner)
    }

    /// How many times nearer each dive comes.
    private static let manifoldZoom = 3.0

    /// Back to what was seen before the last dive.
    mutating func riseFromManifold() {
        let frame = manifoldFrame
        guard let before = self[ManifoldView.self].past.last else {
            guard self[ManifoldView.self].frame != nil else { return note("this is the whole plane") }
            travelManifold(from: frame, to: nil)
            return
        }
        changeManifold { own in
            own.past.removeLast()
            own.cursor = before.cursor
        }
        travelManifold(from: frame, to: before.frame)
    }

    private mutating func travelManifold(from frame: ManifoldFrame, to target: ManifoldFrame?) {
        // Pictures in rows that follow one upon the other have no way to grow along.
        let (isAnimated, now) = (isAnimated && !manifoldLayout.isLine, now)
        changeManifold { own in
            own.frame = target
            own.zoom = isAnimated ? ManifoldZoom(from: frame, start: now) : nil
        }
    }

    /// The frame of this moment.
    var manifoldShownFrame: ManifoldFrame {
        let target = manifoldFrame
        guard let zoom = self[ManifoldView.self].zoom else { return target }
        return zoom.from.interpolated(to: target, share: zoom.share(at: now))
    }

    /// Takes the next frame of a zoom, where one is due.
    mutating func advanceManifoldZoom() {
        guard var zoom = self[ManifoldView.self].zoom, now >= zoom.nextFrame else { return }
        zoom.nextFrame = now + Glide.frame
        let next = zoom.isOver(at: now) ? nil : zoom
        changeManifold { $0.zoom = next }
    }

    // MARK: What is seen of it

    /// Larger or smaller pictures, with what is under the cursor staying there.
    mutating func resizeManifold(by count: Int) {
        let own = self[ManifoldView.self]
        let offsets = ManifoldLayout.offsets(size: size, model: model, cellRatio: theme.profile.cellRatio)
        let offset = max(offsets.lowerBound, min(offsets.upperBound, own.sizeOffset)) + count
        guard offsets.contains(offset) else {
            return note(count > 0 ? "one picture fills the screen" : "pictures are as small as they go")
        }
        let (place, before) = (manifoldCursorPlace, manifoldLayout.tile)
        changeManifold { own in
            own.sizeOffset = offset
            own.zoom = nil
            own.cursor = place
        }
        let tile = manifoldLayout.tile
        let factor = SIMD2(
            Double(tile.columns) / Double(before.columns), Double(tile.rows) / Double(before.rows))
        // The whole fits itself to the grid.
        changeManifold { own in
            own.frame?.step *= factor
            for index in own.past.indices { own.past[index].frame?.step *= factor }
        }
    }

    mutating func toggleManifoldScale() {
        let (own, place, extents) = (self[ManifoldView.self], manifoldCursorPlace, manifoldLayout.extents)
        let scale = ManifoldFrame.Scale.allCases.next(after: own.scale)
        func converted(_ dive: ManifoldDive) -> ManifoldDive? {
            let frame = dive.frame?.converted(to: scale, extents: extents)
            guard dive.frame == nil || frame != nil else { return nil }
            let cursor = SIMD2(
                own.scale.converted(dive.cursor.x, to: scale), own.scale.converted(dive.cursor.y, to: scale))
            return ManifoldDive(frame: frame, cursor: cursor)
        }
        // Dives for which the other scale has no numbers end where it still has some.
        var dives = (own.past + [ManifoldDive(frame: own.frame, cursor: place)]).compactMap(converted)
        let seen = dives.popLast()
        changeManifold { own in
            (own.scale, own.zoom) = (scale, nil)
            (own.frame, own.cursor, own.past) = (seen?.frame, seen?.cursor, dives)
        }
        note(self[ManifoldView.self].scale == .linear ? "even in z" : "even in the prior's probability")
    }

    mutating func toggleManifoldClasses() {
        guard cloud?.labels != nil else { return fail(missingClasses) }
        changeManifold { $0.showsClasses.toggle() }
    }
}

import Cells
import Latent

/// What the keys of the Manifold view do.
extension ManifoldView {
    func layout(_ shared: Shared) -> ManifoldLayout {
        ManifoldLayout(
            size: shared.size, model: shared.model, sizeOffset: own.sizeOffset,
            classes: own.firstClass == nil ? nil : shared.model.classCount,
            cellRatio: shared.theme.profile.cellRatio)
    }

    /// The grid that is seen, or will be when a zoom is over.
    func frame(_ shared: Shared) -> ManifoldFrame {
        own.frame ?? layout(shared).whole(shared.explore.wholeWindow, scale: own.scale)
    }

    /// The tile under the cursor; in the middle as long as it was never moved.
    func cursor(_ shared: Shared) -> TilePlace {
        let grid = layout(shared).grid
        guard let place = own.cursor else {
            return TilePlace(column: grid.across / 2, row: grid.down / 2)
        }
        return tile(nearest: place, shared)
    }

    /// The place that the cursor is at, or the nearest tile's where it was never moved.
    private func cursorPlace(_ shared: Shared) -> SIMD2<Double> {
        own.cursor ?? place(of: cursor(shared), shared)
    }

    /// The place of a tile on the frame's scale.
    func place(of tile: TilePlace, _ shared: Shared) -> SIMD2<Double> {
        let offset = layout(shared).offset(of: tile)
        return frame(shared).place(right: offset.x, up: offset.y)
    }

    /// The point of the latent space at a place of the manifold.
    func point(of place: SIMD2<Double>, _ shared: Shared) -> LatentPoint {
        let coordinates = frame(shared).coordinates(of: place)
        if let label = classOfRow(at: place, shared) { return point(along: coordinates.x, label, shared) }
        guard shared.explore.plane != nil else {
            return LatentPoint([coordinates.x], label: shared.explore.point.label)
        }
        return shared.explore.point(at: LatentPoint(coordinates.x, coordinates.y))
    }

    /// The point under the cursor.
    func cursorPoint(_ shared: Shared) -> LatentPoint { point(of: place(of: cursor(shared), shared), shared) }

    /// The tile nearest to a place, within the grid.
    private func tile(nearest place: SIMD2<Double>, _ shared: Shared) -> TilePlace {
        layout(shared).tile(nearest: frame(shared).steps(to: place))
    }

    // MARK: The cursor

    /// Moves the cursor; at the edge the grid moves under it.
    mutating func moveCursor(_ columns: Int, _ rows: Int, _ shared: inout Shared) {
        let grid = layout(shared).grid
        let cursor = cursor(shared)
        var target = TilePlace(column: cursor.column + columns, row: cursor.row - rows)
        if layout(shared).isLine, target.column < 0 || target.column >= grid.across {
            // At the end of a row the line goes on in the next one.
            target = TilePlace(
                column: (target.column + grid.across) % grid.across, row: target.row + (columns > 0 ? 1 : -1))
        }
        if !(0..<grid.across).contains(target.column) || !(0..<grid.down).contains(target.row) {
            _ = pan(columns, rows, &shared)
        } else {
            moveCursor(to: target, shared)
        }
    }

    mutating func moveCursor(to tile: TilePlace, _ shared: Shared) {
        own.cursor = place(of: tile, shared)
    }

    mutating func pointCursor(at position: Position, _ shared: Shared) {
        let (grid, gap) = (layout(shared).grid, layout(shared).gap)
        // The gap behind a tile is its own.
        let index = grid.places.firstIndex { place in
            Rect(
                column: place.column, row: place.row, columns: place.columns + gap.columns, rows: place.rows + gap.rows
            ).contains(position)
        }
        guard let index else { return }
        moveCursor(to: TilePlace(column: index % grid.across, row: index / grid.across), shared)
    }

    /// Puts the cursor where the cross-hair is, if that can be seen.
    mutating func bringCursor(to point: LatentPoint, _ shared: Shared) {
        let frame = frame(shared)
        let coordinates =
            shared.explore.plane.map { $0.coordinates(of: point) } ?? LatentPoint(point[0], Float(frame.center.y))
        let place = frame.place(of: SIMD2(coordinates[0], coordinates[1]))
        let (steps, half) = (frame.steps(to: place), layout(shared).extents / 2)
        let isSeen = abs(steps.y) <= half.y || layout(shared).isLine || firstClass(shared) != nil
        guard abs(steps.x) <= half.x, isSeen else { return }
        own.cursor = place
        bringCursorToClass(shared)
    }

    // MARK: The frame

    /// Moves the grid by whole tiles, so that pictures that stay on the screen need not be decoded again.
    ///
    /// - Returns: whether it moved.
    mutating func pan(_ columns: Int, _ rows: Int, _ shared: inout Shared) -> Bool {
        if firstClass(shared) != nil, rows != 0 { return scrollClasses(by: -rows, &shared) }
        var frame = frame(shared)
        let cursor = cursor(shared)
        let moved = layout(shared).steps(columns: columns, rows: rows)
        frame.center = frame.place(right: Double(moved.along), up: Double(moved.across))
        let half = layout(shared).extents * frame.step / 2
        let limit: ClosedRange<Double> = frame.scale == .quantiles ? 0...1 : -Self.reach...Self.reach
        for axis in [0, 1] {
            let way = axis == 0 ? moved.along : moved.across
            let edge = way > 0 ? frame.center[axis] + half[axis] : frame.center[axis] - half[axis]
            guard way != 0, !(limit.lowerBound - 1e-9...limit.upperBound + 1e-9).contains(edge) else { continue }
            shared.note(frame.scale == .quantiles ? "the prior ends here" : "this is as far as it goes")
            return false
        }
        own.frame = frame
        own.zoom = nil
        moveCursor(to: cursor, shared)
        return true
    }

    /// Beyond this no model has anything.
    private static let reach = 1e3

    /// A third of the screen.
    mutating func leap(_ columns: Int, _ rows: Int, _ shared: inout Shared) {
        let grid = layout(shared).grid
        _ = pan(columns * max(1, grid.across / 3), rows * max(1, grid.down / 3), &shared)
    }

    /// Zooms in around the cursor's tile, which comes to the middle.
    mutating func dive(_ shared: inout Shared) {
        let (frame, place) = (frame(shared), place(of: cursor(shared), shared))
        let grid = layout(shared).grid
        let middle = TilePlace(column: grid.across / 2, row: grid.down / 2)
        var inner = frame.zoomed(by: 1 / Self.diveFactor, around: place)
        inner.center = place - layout(shared).offset(of: middle) * inner.step
        // Rows that are classes stay.
        if firstClass(shared) != nil { (inner.center.y, inner.step.y) = (frame.center.y, frame.step.y) }
        guard inner.isResolved else {
            shared.note("float32 ends here: nearer neighbors would be the same point")
            return
        }
        let before = ManifoldDive(frame: own.frame, cursor: place)
        own.past.append(before)
        own.cursor = place
        travel(from: frame, to: inner, shared)
    }

    /// How many times nearer each dive comes.
    private static let diveFactor = 3.0

    /// Back to what was seen before the last dive.
    mutating func rise(_ shared: inout Shared) {
        let frame = frame(shared)
        guard let before = own.past.last else {
            guard own.frame != nil else { return shared.note("this is the whole plane") }
            travel(from: frame, to: nil, shared)
            return
        }
        own.past.removeLast()
        own.cursor = before.cursor
        travel(from: frame, to: before.frame, shared)
    }

    private mutating func travel(from frame: ManifoldFrame, to target: ManifoldFrame?, _ shared: Shared) {
        // Pictures in rows that follow one upon the other have no way to grow along.
        let isAnimated = shared.isAnimated && !layout(shared).isLine
        own.frame = target
        own.zoom = isAnimated ? ManifoldZoom(from: frame, start: shared.now) : nil
    }

    /// The frame of this moment.
    func shownFrame(_ shared: Shared) -> ManifoldFrame {
        let target = frame(shared)
        guard let zoom = own.zoom else { return target }
        return zoom.from.interpolated(to: target, share: zoom.share(at: shared.now))
    }

    /// Takes the next frame of a zoom, where one is due.
    mutating func advanceZoom(_ shared: Shared) {
        guard var zoom = own.zoom, shared.now >= zoom.nextFrame else { return }
        zoom.nextFrame = shared.now + Glide.frame
        own.zoom = zoom.isOver(at: shared.now) ? nil : zoom
    }

    // MARK: What is seen of it

    /// Larger or smaller pictures, with what is under the cursor staying there.
    mutating func resize(by count: Int, _ shared: inout Shared) {
        let offsets = ManifoldLayout.offsets(
            size: shared.size, model: shared.model, cellRatio: shared.theme.profile.cellRatio)
        let offset = max(offsets.lowerBound, min(offsets.upperBound, own.sizeOffset)) + count
        guard offsets.contains(offset) else {
            return shared.note(count > 0 ? "one picture fills the screen" : "pictures are as small as they go")
        }
        let (place, before) = (cursorPlace(shared), layout(shared).pitch)
        own.sizeOffset = offset
        own.zoom = nil
        own.cursor = place
        let pitch = layout(shared).pitch
        let factor = SIMD2(
            Double(pitch.columns) / Double(before.columns), Double(pitch.rows) / Double(before.rows))
        // The whole fits itself to the grid.
        own.frame?.step *= factor
        for index in own.past.indices { own.past[index].frame?.step *= factor }
    }

    mutating func toggleScale(_ shared: inout Shared) {
        let (before, place, extents) = (own.scale, cursorPlace(shared), layout(shared).extents)
        let scale = ManifoldFrame.Scale.allCases.next(after: before)
        func converted(_ dive: ManifoldDive) -> ManifoldDive? {
            let frame = dive.frame?.converted(to: scale, extents: extents)
            guard dive.frame == nil || frame != nil else { return nil }
            let cursor = SIMD2(
                before.converted(dive.cursor.x, to: scale), before.converted(dive.cursor.y, to: scale))
            return ManifoldDive(frame: frame, cursor: cursor)
        }
        // Dives for which the other scale has no numbers end where it still has some.
        var dives = (own.past + [ManifoldDive(frame: own.frame, cursor: place)]).compactMap(converted)
        let seen = dives.popLast()
        (own.scale, own.zoom) = (scale, nil)
        (own.frame, own.cursor, own.past) = (seen?.frame, seen?.cursor, dives)
        shared.note(own.scale == .linear ? "even in z" : "even in the prior's probability")
    }

    mutating func toggleClasses(_ shared: inout Shared) {
        guard shared.cloud?.labels != nil else { return shared.fail(shared.missingClasses) }
        own.showsClasses.toggle()
    }
}

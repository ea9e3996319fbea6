import Cells
import Latent
import Pictures

/// Which pictures the Manifold view wants, and those that have come.
extension Shared {
    /// Asks for the pictures of the frame that is seen, or will be: those that are there already are kept.
    mutating func refreshManifoldTiles() -> [Effect] {
        let (frame, grid) = (manifoldFrame, manifoldLayout.grid)
        let before = self[ManifoldView.self].tiles
        if let before, before.frame == frame, before.across == grid.across, before.down == grid.down, isSeen(before) {
            return []
        }
        guard !grid.places.isEmpty else { return [] }
        let pictures = before.map { kept(of: $0, for: frame, grid) } ?? Array(repeating: nil, count: grid.places.count)
        let missing = coarseFirst(grid).filter { pictures[$0] == nil }
        let tiles = TileSet(
            frame: frame, plane: explore.plane, base: explore.point, firstClass: manifoldFirstClass,
            across: grid.across,
            down: grid.down,
            number: nextNumber(), pictures: pictures,
            order: missing)
        owned.update(ManifoldView.self) { own in
            // What was seen last stays until something newer takes its place.
            if let before, before.pictures.contains(where: { $0 != nil }) { own.older = before }
            own.tiles = tiles
            own.layers += 1
        }
        let points = missing.map {
            manifoldPoint(of: frame.place(right: tiles.offset(of: $0).x, up: tiles.offset(of: $0).y))
        }
        return points.isEmpty
            ? [.drop(.manifold)]
            : [.work(WorkRequest(number: tiles.number, slot: .manifold, work: .decode(points)))]
    }

    /// Whether a set's pictures are of the present plane.
    private func isSeen(_ set: TileSet) -> Bool {
        guard manifoldFirstClass == nil, set.firstClass == nil else { return hasSeenClasses(set) }
        return set.plane == explore.plane && set.base.label == explore.point.label
            && (explore.plane == nil || isOnPlane(of: set.base))
    }

    /// The pictures of a set that are also another's: where the grid moved by whole tiles.
    private func kept(of set: TileSet, for frame: ManifoldFrame, _ grid: TileGrid) -> [Picture?] {
        let none = [Picture?](repeating: nil, count: grid.places.count)
        guard set.frame.scale == frame.scale, set.frame.step == frame.step, isSeen(set) else { return none }
        var steps = set.frame.steps(to: frame.center)
        // Grids of an even and of an odd number of tiles lie half a tile apart.
        let isLine = set.isLine
        steps +=
            isLine
            ? SIMD2(Double(set.count - grid.places.count) / 2, 0)
            : SIMD2(Double(set.across - grid.across), Double(grid.down - set.down)) / 2
        let whole = SIMD2(steps.x.rounded(), steps.y.rounded())
        guard abs(steps.x - whole.x) < 1e-6, abs(steps.y - whole.y) < 1e-6, abs(whole.x) < 1e4, abs(whole.y) < 1e4
        else { return none }
        return grid.places.indices.map { index in
            guard !isLine else {
                let place = index + Int(whole.x)
                return set.pictures.indices.contains(place) ? set.pictures[place] : nil
            }
            let column = index % grid.across + Int(whole.x)
            let row = index / grid.across - Int(whole.y)
            guard (0..<set.across).contains(column), (0..<set.down).contains(row) else { return nil }
            return set.pictures[row * set.across + column]
        }
    }

    /// Every fourth tile along both axes, then every second, then all; those next to the cursor first.
    private func coarseFirst(_ grid: TileGrid) -> [Int] {
        let cursor = manifoldCursor
        func rank(_ index: Int) -> (Int, Int, Int) {
            let (column, row) = (index % grid.across - cursor.column, index / grid.across - cursor.row)
            let level = column % 4 == 0 && row % 4 == 0 ? 0 : column % 2 == 0 && row % 2 == 0 ? 1 : 2
            return (level, column * column + row * row, index)
        }
        return grid.places.indices.map { (index: $0, rank: rank($0)) }.sorted { $0.rank < $1.rank }.map(\.index)
    }

    mutating func takeManifoldTiles(_ answer: WorkAnswer) {
        guard case .pictures(let pictures, let first) = answer.result else { return }
        owned.update(ManifoldView.self) { own in
            guard own.tiles?.number == answer.number, var tiles = own.tiles.take(), first >= 0 else { return }
            for (offset, picture) in pictures.enumerated() where first + offset < tiles.order.count {
                let index = tiles.order[first + offset]
                tiles.pictures[index] = picture
                own.fresh.append(index)
            }
            own.tiles = tiles
        }
    }

    /// Gives up what was seen before, once a zoom is over and all of the newer pictures are there.
    mutating func dropOlderManifoldTiles() {
        let own = self[ManifoldView.self]
        guard own.older != nil, own.zoom == nil, own.tiles?.isComplete == true else { return }
        owned.update(ManifoldView.self) { own in
            own.older = nil
            own.clearsMargin = true
        }
    }

    /// Other weights decode to other pictures: the present ones are seen until those have come.
    mutating func forgetManifoldTiles() {
        owned.update(ManifoldView.self) { own in
            if own.tiles?.isComplete == true || own.older == nil { own.older = own.tiles }
            own.tiles = nil
            own.layers += 1
        }
    }

    /// Asks the data for the classes of some more tiles: of many data all of them would keep a key waiting.
    mutating func refreshManifoldClasses() {
        guard needsManifoldClasses, let cloud, let tiles = self[ManifoldView.self].tiles else { return }
        let next =
            tiles.classes.count..<min(tiles.count, tiles.classes.count + max(16, 2_000_000 / max(1, cloud.count)))
        let classes = next.map { index -> UInt8? in
            let offset = tiles.offset(of: index)
            let point = manifoldPoint(of: tiles.frame.place(right: offset.x, up: offset.y))
            let shares = cloud.classShares(around: point)
            // What is a guess is not written on a picture.
            return shares.support == .full ? shares.parts.first?.label : nil
        }
        owned.update(ManifoldView.self) { own in
            own.tiles?.classes += classes
            own.fresh += next
        }
    }

    /// Whether tiles are left whose classes are wanted.
    var needsManifoldClasses: Bool {
        let own = self[ManifoldView.self]
        guard own.showsClasses, cloud != nil, let tiles = own.tiles else { return false }
        return tiles.classes.count < tiles.count
    }

    mutating func forgetManifoldClasses() {
        owned.update(ManifoldView.self) { own in
            own.tiles?.classes = []
            own.layers += 1
        }
    }
}

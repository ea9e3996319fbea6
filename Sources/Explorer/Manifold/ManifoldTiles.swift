import Cells
import Latent
import Pictures

/// Which pictures the Manifold view wants, and those that have come.
extension ManifoldView {
    /// Asks for the pictures of the frame that is seen, or will be: those that are there already are kept.
    mutating func refreshTiles(_ shared: inout Shared) -> [Effect] {
        let (frame, grid) = (frame(shared), layout(shared).grid)
        let before = own.tiles
        if let before, before.frame == frame, before.across == grid.across, before.down == grid.down,
            isSeen(before, shared)
        {
            return []
        }
        guard !grid.places.isEmpty else { return [] }
        let pictures =
            before.map { kept(of: $0, for: frame, grid, shared) } ?? Array(repeating: nil, count: grid.places.count)
        let missing = coarseFirst(grid, shared).filter { pictures[$0] == nil }
        let tiles = TileSet(
            frame: frame, plane: shared.explore.plane, base: shared.explore.point, firstClass: firstClass(shared),
            across: grid.across,
            down: grid.down,
            number: shared.nextNumber(), pictures: pictures,
            order: missing)
        // What was seen last stays until something newer takes its place.
        if let before, before.pictures.contains(where: { $0 != nil }) { own.older = before }
        own.tiles = tiles
        own.layers += 1
        let points = missing.map {
            point(of: frame.place(right: tiles.offset(of: $0).x, up: tiles.offset(of: $0).y), shared)
        }
        return points.isEmpty
            ? [.drop(.manifold)]
            : [.work(WorkRequest(number: tiles.number, slot: .manifold, work: .decode(points)))]
    }

    /// Whether a set's pictures are of the present plane.
    private func isSeen(_ set: TileSet, _ shared: Shared) -> Bool {
        guard firstClass(shared) == nil, set.firstClass == nil else { return hasSeenClasses(set, shared) }
        return set.plane == shared.explore.plane && set.base.label == shared.explore.point.label
            && (shared.explore.plane == nil || shared.isOnPlane(of: set.base))
    }

    /// The pictures of a set that are also another's: where the grid moved by whole tiles.
    private func kept(of set: TileSet, for frame: ManifoldFrame, _ grid: TileGrid, _ shared: Shared) -> [Picture?] {
        let none = [Picture?](repeating: nil, count: grid.places.count)
        guard set.frame.scale == frame.scale, set.frame.step == frame.step, isSeen(set, shared) else { return none }
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
    private func coarseFirst(_ grid: TileGrid, _ shared: Shared) -> [Int] {
        let cursor = cursor(shared)
        func rank(_ index: Int) -> (Int, Int, Int) {
            let (column, row) = (index % grid.across - cursor.column, index / grid.across - cursor.row)
            let level = column % 4 == 0 && row % 4 == 0 ? 0 : column % 2 == 0 && row % 2 == 0 ? 1 : 2
            return (level, column * column + row * row, index)
        }
        return grid.places.indices.map { (index: $0, rank: rank($0)) }.sorted { $0.rank < $1.rank }.map(\.index)
    }

    mutating func takeTiles(_ answer: WorkAnswer) {
        guard case .pictures(let pictures, let first) = answer.result else { return }
        guard own.tiles?.number == answer.number, var tiles = own.tiles.take(), first >= 0 else { return }
        for (offset, picture) in pictures.enumerated() where first + offset < tiles.order.count {
            let index = tiles.order[first + offset]
            tiles.pictures[index] = picture
            own.fresh.append(index)
        }
        own.tiles = tiles
    }

    /// Gives up what was seen before, once a zoom is over and all of the newer pictures are there.
    mutating func dropOlderTiles() {
        guard own.older != nil, own.zoom == nil, own.tiles?.isComplete == true else { return }
        own.older = nil
        // Its pictures show through the gaps.
        own.layers += 1
    }

    /// Other weights decode to other pictures: the present ones are seen until those have come.
    mutating func forgetTiles() {
        if own.tiles?.isComplete == true || own.older == nil { own.older = own.tiles }
        own.tiles = nil
        own.layers += 1
    }

    /// Asks the data which classes some more tiles have, and which are far from all data: of many data all of them would keep
    /// a key waiting.
    mutating func refreshClasses(_ shared: Shared) {
        guard needsClasses(shared), let cloud = shared.cloud, let tiles = own.tiles else { return }
        let next =
            tiles.classes.count..<min(tiles.count, tiles.classes.count + max(16, 2_000_000 / max(1, cloud.count)))
        let half = tiles.frame.step / 2
        var (classes, isFar): ([UInt8?], [Bool]) = ([], [])
        for index in next {
            let offset = tiles.offset(of: index)
            let place = tiles.frame.place(right: offset.x, up: offset.y)
            let point = self.point(of: place, shared)
            let shares = cloud.classShares(around: point)
            // What is a guess is not written on a picture.
            classes.append(shares.support == .full ? shares.parts.first?.label : nil)
            let isRow = tiles.isLine || tiles.firstClass != nil
            let corner = self.point(of: place + (isRow ? SIMD2(half.x, 0) : half), shared)
            let distance = cloud.tree.nearest(to: point)?.distance ?? .infinity
            let isNear = cloud.labels == nil ? distance <= cloud.bandwidth : shares.support == .full
            isFar.append(!isNear && distance > point.distance(to: corner))
        }
        own.tiles?.classes += classes
        own.tiles?.isFar += isFar
        own.fresh += next
    }

    /// Whether tiles are left that the data were not asked about.
    func needsClasses(_ shared: Shared) -> Bool {
        guard let cloud = shared.cloud, cloud.count > 0, let tiles = own.tiles else { return false }
        return tiles.classes.count < tiles.count
    }

    mutating func forgetClasses() {
        own.tiles?.classes = []
        own.tiles?.isFar = []
        own.layers += 1
    }
}

import Cells
import Latent
import Shading

/// Where the pictures of the Manifold view lie.
struct ManifoldLayout: Hashable, Sendable {
    /// Between the top line and the bottom line.
    let body: Rect
    let grid: TileGrid
    /// Extent of one tile, and of the gap to the next one.
    let tile: Size
    let gap: Size
    /// From one tile to the next.
    var pitch: Size { Size(columns: tile.columns + gap.columns, rows: tile.rows + gap.rows) }
    /// Whether the tiles follow one upon the other row by row, as one reads: a model of one latent has no second axis.
    let isLine: Bool

    /// - Parameter classes: how many classes there are, each in a row of its own; nil: rows are places of the plane.
    init(size: Size, model: ModelFacts, sizeOffset: Int, classes: Int? = nil, cellRatio: Double) {
        body = ManifoldLayout.body(size)
        let (sizes, suited) = ManifoldLayout.sizes(of: (model.width, model.height), in: body, cellRatio: cellRatio)
        tile = sizes[max(0, min(sizes.count - 1, suited + sizeOffset))]
        gap = ManifoldLayout.gap(beside: tile)
        grid = TileGrid(tile: tile, gap: gap, in: body, mostRows: classes ?? .max)
        isLine = model.latentCount == 1 && classes == nil
    }

    /// Tiles that lie side by side along the first axis, and along the second one.
    private var counts: (along: Int, across: Int) {
        isLine ? (max(1, grid.across * grid.down), 1) : (max(1, grid.across), max(1, grid.down))
    }

    /// The sizes that a tile can have, from a few cells to one picture that fills the screen, each an eighth narrower than the
    /// next, or more; and which of them suits: the largest of which about 10×6 have room.
    static func sizes(
        of picture: (width: Int, height: Int), in body: Rect, cellRatio: Double
    ) -> (sizes: [Size], suited: Int) {
        let proportion = Double(max(1, picture.height)) / Double(max(1, picture.width))
        // Cells are coarse: most small sizes would squeeze the picture.
        func squeeze(_ size: Size) -> Double {
            let ratio = Double(size.rows) * cellRatio / (Double(max(1, size.columns)) * proportion)
            return max(ratio, 1 / ratio)
        }
        let largest = min(Double(body.columns), Double(body.rows) * cellRatio / proportion)
        let all = (min(leastColumns, Int(largest))...max(leastColumns, Int(largest))).map { columns in
            let rows = (Double(columns) * proportion / cellRatio).rounded()
            return Size(columns: columns, rows: max(1, min(body.rows, Int(rows))))
        }
        let unsqueezed = all.filter { squeeze($0) < 1.04 }
        let sizes = unsqueezed.isEmpty ? all : unsqueezed
        let suited = suited(sizes, width: picture.width, body)
        var chosen = [sizes[suited]]
        for size in sizes[(suited + 1)...] where 7 * size.columns >= 8 * chosen[chosen.count - 1].columns {
            chosen.append(size)
        }
        // One picture can fill the screen.
        if let last = sizes.last, chosen.last != last { chosen.append(last) }
        var smaller: [Size] = []
        for size in sizes[..<suited].reversed() where 8 * size.columns <= 7 * (smaller.last ?? sizes[suited]).columns {
            smaller.append(size)
        }
        return (smaller.reversed() + chosen, smaller.count)
    }

    private static let leastColumns = 4

    /// On a screen that is too small for any view, that of the least one: there is a tile always, and nothing is drawn.
    private static func body(_ size: Size) -> Rect {
        let (columns, rows) = (max(size.columns, Layout.leastSize.columns), max(size.rows, Layout.leastSize.rows))
        return Rect(column: 0, row: 1, columns: columns, rows: rows - 2)
    }

    /// Cells between two tiles: as wide as high to the eye, and none below small ones.
    private static func gap(beside tile: Size) -> Size {
        Size(columns: tile.columns >= 10 ? 2 : 1, rows: tile.rows >= 5 ? 1 : 0)
    }

    /// The size that one begins with.
    private static func suited(_ sizes: [Size], width: Int, _ body: Rect) -> Int {
        let place =
            sizes.lastIndex { size in
                let grid = TileGrid(tile: size, gap: gap(beside: size), in: body)
                return grid.across >= 8 && grid.down >= 5 && grid.across * grid.down >= leastTiles
            } ?? 0
        // A picture of its own pixels, or a multiple, is sharper than one a little larger.
        let whole = sizes[...place].lastIndex { $0.columns % max(1, width) == 0 }
        return whole.flatMap { 8 * sizes[$0].columns >= 7 * sizes[place].columns ? $0 : nil } ?? place
    }

    /// About 10×6, on screens whose shape leaves no room for just that.
    private static let leastTiles = 45

    /// Which sizes `+` and `−` can reach.
    static func offsets(size: Size, model: ModelFacts, cellRatio: Double) -> ClosedRange<Int> {
        let (sizes, suited) = sizes(of: (model.width, model.height), in: body(size), cellRatio: cellRatio)
        return -suited...sizes.count - 1 - suited
    }

    /// The whole of a plane: the window from edge to edge, or all of the prior. A screen that is wider than high shows smaller
    /// steps along z₀, so that no picture is of a place outside.
    func whole(_ window: PlaneWindow, scale: ManifoldFrame.Scale) -> ManifoldFrame {
        let (across, down) = (Double(counts.along), Double(counts.across))
        switch scale {
        case .quantiles: return ManifoldFrame(scale: scale, center: [0.5, 0.5], step: [1 / across, 1 / down])
        case .linear:
            return ManifoldFrame(
                scale: scale, center: [Double(window.center[0]), Double(window.center[1])],
                step: [Double(window.span.0) / across, Double(window.span.1) / down])
        }
    }

    /// The extents of the grid along both axes, in steps.
    var extents: SIMD2<Double> { SIMD2(Double(counts.along), Double(counts.across)) }

    /// Steps from the grid's middle to a tile, to the right and upward.
    func offset(of tile: TilePlace) -> SIMD2<Double> {
        TileSet.offset(
            of: tile.row * grid.across + tile.column, across: grid.across, down: grid.down, isLine: isLine)
    }

    /// The tile nearest to a number of steps from the grid's middle, within the grid.
    func tile(nearest steps: SIMD2<Double>) -> TilePlace {
        func index(_ position: Double, _ count: Int) -> Int {
            position.isFinite ? max(0, min(count - 1, Int(max(-1, min(1e6, position.rounded()))))) : 0
        }
        let along = index(steps.x + Double(counts.along - 1) / 2, counts.along)
        guard !isLine else { return TilePlace(column: along % grid.across, row: along / grid.across) }
        return TilePlace(column: along, row: index(Double(grid.down - 1) / 2 - steps.y, grid.down))
    }

    /// So many columns and rows to go, as steps along both axes: on a line a row is as many steps as it has tiles.
    func steps(columns: Int, rows: Int) -> (along: Int, across: Int) {
        isLine ? (columns - rows * grid.across, 0) : (columns, rows)
    }

    /// Where the tile at a number of steps from a grid's middle lies, seen through another grid.
    ///
    /// - Parameter shown: the grid that is seen on this screen.
    /// - Returns: nil for a tile that would be larger than a few screens, or lie that far away: between a grid and one many
    ///   dives away there is nothing to be seen.
    func rect(of place: SIMD2<Double>, step: SIMD2<Double>, through shown: ManifoldFrame) -> Rect? {
        let (pitchColumns, pitchRows) = (Double(tile.columns + gap.columns), Double(tile.rows + gap.rows))
        let steps = shown.steps(to: place)
        let scale = step / shown.step
        let middle = SIMD2(
            origin.x + (Double(grid.across) * pitchColumns - Double(gap.columns)) / 2 + steps.x * pitchColumns,
            origin.y + (Double(grid.down) * pitchRows - Double(gap.rows)) / 2 - steps.y * pitchRows)
        let reach = 4 * Double(max(body.columns, body.rows))
        guard max(abs(middle.x), abs(middle.y)) < reach, scale.x * pitchColumns < reach, scale.y * pitchRows < reach
        else {
            return nil
        }
        let half = scale * SIMD2(Double(tile.columns), Double(tile.rows)) / 2
        let (left, right) = (Int((middle.x - half.x).rounded()), Int((middle.x + half.x).rounded()))
        let (top, bottom) = (Int((middle.y - half.y).rounded()), Int((middle.y + half.y).rounded()))
        return Rect(column: left, row: top, columns: right - left, rows: bottom - top)
    }

    /// The upper left corner of the grid, within the body.
    private var origin: SIMD2<Double> {
        grid.places.first.map { SIMD2(Double($0.column - body.column), Double($0.row - body.row)) } ?? [0, 0]
    }
}

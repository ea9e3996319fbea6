import Cells
import Latent
import Shading

/// Where the pictures of the Manifold view lie.
struct ManifoldLayout: Hashable, Sendable {
    /// Between the top line and the bottom line.
    let body: Rect
    let grid: TileGrid
    /// Extent of one tile.
    let tile: Size
    /// Whether the tiles follow one upon the other row by row, as one reads: a model of one latent has no second axis.
    let isLine: Bool

    /// - Parameter classes: how many classes there are, each in a row of its own; nil: rows are places of the plane.
    init(size: Size, model: ModelFacts, sizeOffset: Int, classes: Int? = nil, cellRatio: Double) {
        body = ManifoldLayout.body(size)
        let picture = (width: model.width, height: model.height)
        let sizes = ManifoldLayout.sizes(of: picture, in: body, cellRatio: cellRatio)
        let suited = ManifoldLayout.suited(sizes, body)
        tile = sizes[max(0, min(sizes.count - 1, suited + sizeOffset))]
        grid = TileGrid(tile: tile, in: body, mostRows: classes ?? .max)
        isLine = model.latentCount == 1 && classes == nil
    }

    /// Tiles that lie side by side along the first axis, and along the second one.
    private var counts: (along: Int, across: Int) {
        isLine ? (max(1, grid.across * grid.down), 1) : (max(1, grid.across), max(1, grid.down))
    }

    /// The sizes that a tile can have, each an eighth narrower than the next, or more: from a few cells to one picture
    /// that fills the screen.
    static func sizes(of picture: (width: Int, height: Int), in body: Rect, cellRatio: Double) -> [Size] {
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
        // From the largest down, so that one picture can fill the screen.
        return sizes.reversed().reduce(into: [Size]()) { chosen, size in
            if chosen.last.map({ 8 * size.columns <= 7 * $0.columns }) ?? true { chosen.append(size) }
        }.reversed()
    }

    private static let leastColumns = 4

    /// On a screen that is too small for any view, that of the least one: there is a tile always, and nothing is drawn.
    private static func body(_ size: Size) -> Rect {
        let (columns, rows) = (max(size.columns, Layout.leastSize.columns), max(size.rows, Layout.leastSize.rows))
        return Rect(column: 0, row: 1, columns: columns, rows: rows - 2)
    }

    /// The size that one begins with: small enough to be many, large enough to be told apart.
    private static func suited(_ sizes: [Size], _ body: Rect) -> Int {
        sizes.lastIndex { $0.columns <= max(8, body.columns / 20) } ?? 0
    }

    /// Which sizes `+` and `−` can reach.
    static func offsets(size: Size, model: ModelFacts, cellRatio: Double) -> ClosedRange<Int> {
        let body = body(size)
        let sizes = sizes(of: (model.width, model.height), in: body, cellRatio: cellRatio)
        let suited = suited(sizes, body)
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
        let (tileColumns, tileRows) = (Double(tile.columns), Double(tile.rows))
        let steps = shown.steps(to: place)
        let scale = step / shown.step
        let middle = SIMD2(
            origin.x + Double(grid.across) * tileColumns / 2 + steps.x * tileColumns,
            origin.y + Double(grid.down) * tileRows / 2 - steps.y * tileRows)
        let reach = 4 * Double(max(body.columns, body.rows))
        guard max(abs(middle.x), abs(middle.y)) < reach, scale.x * tileColumns < reach, scale.y * tileRows < reach
        else {
            return nil
        }
        let left = Int((middle.x - scale.x * tileColumns / 2).rounded())
        let right = Int((middle.x + scale.x * tileColumns / 2).rounded())
        let top = Int((middle.y - scale.y * tileRows / 2).rounded())
        let bottom = Int((middle.y + scale.y * tileRows / 2).rounded())
        return Rect(column: left, row: top, columns: right - left, rows: bottom - top)
    }

    /// The upper left corner of the grid, within the body.
    private var origin: SIMD2<Double> {
        grid.places.first.map { SIMD2(Double($0.column - body.column), Double($0.row - body.row)) } ?? [0, 0]
    }
}

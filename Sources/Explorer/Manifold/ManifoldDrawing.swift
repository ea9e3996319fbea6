import Cells
import Latent
import Pictures
import Shading

/// The pictures of the Manifold view on the screen: the newest over those before them, both seen through the frame of
/// the moment.
struct ManifoldDrawing {
    /// All that it depends on.
    struct Key: Hashable, Sendable {
        var layers: Int
        var frame: ManifoldFrame
        var layout: ManifoldLayout
        var look: PictureLook
        var showsClasses: Bool
    }

    let shared: Shared
    let layout: ManifoldLayout
    let shown: ManifoldFrame
    private let shader: Shader

    init(shared: Shared, layout: ManifoldLayout, shown: ManifoldFrame) {
        self.shared = shared
        self.layout = layout
        self.shown = shown
        shader = shared.shader
    }

    func draw(into canvas: inout Canvas) {
        let own = shared[ManifoldView.self]
        for tiles in [own.older, own.tiles].compactMap({ $0 }) { draw(tiles, into: &canvas) }
    }

    /// Draws the pictures that have come since, over the others.
    func add(_ fresh: [Int], into canvas: inout Canvas) {
        guard let tiles = shared[ManifoldView.self].tiles, tiles.frame.scale == shown.scale else { return }
        for index in fresh { draw(index, of: tiles, into: &canvas) }
    }

    /// Leaves nothing beside the grid.
    func clearMargin(of canvas: inout Canvas) {
        guard let first = layout.grid.places.first, let last = layout.grid.places.last else { return }
        let (left, top) = (first.column - layout.body.column, first.row - layout.body.row)
        let right = last.column + last.columns - layout.body.column
        let bottom = last.row + last.rows - layout.body.row
        let size = canvas.size
        canvas.fill(Rect(column: 0, row: 0, columns: size.columns, rows: top))
        canvas.fill(Rect(column: 0, row: bottom, columns: size.columns, rows: size.rows - bottom))
        canvas.fill(Rect(column: 0, row: top, columns: left, rows: bottom - top))
        canvas.fill(Rect(column: right, row: top, columns: size.columns - right, rows: bottom - top))
    }

    private func draw(_ tiles: TileSet, into canvas: inout Canvas) {
        guard tiles.frame.scale == shown.scale else { return }
        for index in tiles.pictures.indices { draw(index, of: tiles, into: &canvas) }
    }

    private func draw(_ index: Int, of tiles: TileSet, into canvas: inout Canvas) {
        guard tiles.pictures.indices.contains(index), let picture = tiles.pictures[index],
            let rect = rect(of: index, in: tiles), rect.intersects(Rect(canvas.size))
        else { return }
        shader.draw(picture, into: &canvas, rect: rect)
        if let first = tiles.firstClass, index % tiles.across == 0 {
            let number = first + index / tiles.across
            canvas.write(
                shared.manifoldClassMark(number, tiles), column: rect.column, row: rect.row,
                style: shared.theme.classStyle(UInt8(clamping: number), .strong), width: rect.columns)
            return
        }
        guard shared[ManifoldView.self].showsClasses, let label = tiles.label(of: index), rect.rows > 1 else { return }
        canvas.write(
            shared.shortName(ofClass: label, columns: rect.columns - 1), column: rect.column, row: rect.row,
            style: shared.theme.classStyle(label, .strong), width: rect.columns)
    }

    /// Where a tile lies within the body; nil: nowhere on the screen, or too small to be drawn.
    private func rect(of index: Int, in tiles: TileSet) -> Rect? {
        if tiles.frame == shown, tiles.across == layout.grid.across, tiles.down == layout.grid.down {
            let place = layout.grid.places[index]
            return Rect(
                column: place.column - layout.body.column, row: place.row - layout.body.row, columns: place.columns,
                rows: place.rows)
        }
        guard !layout.isLine else { return nil }
        let offset = tiles.offset(of: index)
        let place = tiles.frame.place(right: offset.x, up: offset.y)
        return layout.rect(of: place, step: tiles.frame.step, through: shown)
    }
}

extension Shared {
    mutating func refreshManifoldDrawing() {
        let own = self[ManifoldView.self]
        let (layout, frame) = (manifoldLayout, manifoldShownFrame)
        let key = ManifoldDrawing.Key(
            layers: own.layers, frame: frame, layout: layout, look: look, showsClasses: own.showsClasses)
        guard key != own.drawn.key || !own.fresh.isEmpty || own.clearsMargin else { return }
        let drawing = ManifoldDrawing(shared: self, layout: layout, shown: frame)
        var drawn = own.drawn
        if key == drawn.key {
            // Most frames bring a few pictures more.
            drawn.extend { canvas in
                if own.clearsMargin { drawing.clearMargin(of: &canvas) }
                drawing.add(own.fresh, into: &canvas)
            }
        } else {
            drawn.refresh(key, size: layout.body.size) { drawing.draw(into: &$0) }
        }
        owned.update(ManifoldView.self) { own in
            own.drawn = drawn
            own.fresh = []
            own.clearsMargin = false
        }
    }
}

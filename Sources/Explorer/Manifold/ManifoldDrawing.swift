import Cells
import Latent
import Pictures
import Shading

/// The pictures of the Manifold view on the screen: the newest over those before them, both seen through the frame of
/// the moment.
struct ManifoldDrawing {
    /// All that it depends on.
    struct Key: Hashable, Sendable {
        var arrivals: Int
        var frame: ManifoldFrame
        var layout: ManifoldLayout
        var shading: ShadingMode?
        var palette: Palette
        var showsClasses: Bool
    }

    let state: State
    let layout: ManifoldLayout
    let shown: ManifoldFrame

    func draw(into canvas: inout Canvas) {
        let own = state[ManifoldView.self]
        for tiles in [own.older, own.tiles].compactMap({ $0 }) { draw(tiles, into: &canvas) }
    }

    private func draw(_ tiles: TileSet, into canvas: inout Canvas) {
        guard tiles.frame.scale == shown.scale else { return }
        let shader = state.shader
        let whole = Rect(canvas.size)
        for (index, picture) in tiles.pictures.enumerated() {
            guard let picture, let rect = rect(of: index, in: tiles), rect.intersects(whole) else { continue }
            shader.draw(picture, into: &canvas, rect: rect)
            guard state[ManifoldView.self].showsClasses, let label = tiles.classes?[index], rect.rows > 1 else {
                continue
            }
            canvas[rect.column, rect.row] = Cell(State.classMark(label), state.theme.classStyle(label, .strong))
        }
    }

    /// Where a tile lies within the body; nil: nowhere on the screen, or too small to be drawn.
    private func rect(of index: Int, in tiles: TileSet) -> Rect? {
        if tiles.frame == shown, tiles.across == layout.grid.across, tiles.down == layout.grid.down {
            let place = layout.grid.places[index]
            return Rect(
                column: place.column - layout.body.column, row: place.row - layout.body.row, columns: place.columns,
                rows: place.rows)
        }
        let offset = tiles.offset(of: index)
        let place = tiles.frame.place(right: offset.x, up: offset.y)
        return layout.rect(of: place, step: tiles.frame.step, through: shown)
    }
}

extension State {
    mutating func refreshManifoldDrawing() {
        let own = self[ManifoldView.self]
        let (layout, frame) = (manifoldLayout, manifoldShownFrame)
        let key = ManifoldDrawing.Key(
            arrivals: own.arrivals, frame: frame, layout: layout, shading: preferences.shading,
            palette: preferences.palette, showsClasses: own.showsClasses)
        guard key != own.drawn.key else { return }
        var drawn = own.drawn
        drawn.refresh(key, size: layout.body.size) { canvas in
            ManifoldDrawing(state: self, layout: layout, shown: frame).draw(into: &canvas)
        }
        owned.update(ManifoldView.self) { $0.drawn = drawn }
    }
}

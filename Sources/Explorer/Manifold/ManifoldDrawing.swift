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

    let view: ManifoldView
    let shared: Shared
    let layout: ManifoldLayout
    let shown: ManifoldFrame
    private let shader: Shader

    init(_ view: ManifoldView, _ shared: Shared, layout: ManifoldLayout, shown: ManifoldFrame) {
        self.view = view
        self.shared = shared
        self.layout = layout
        self.shown = shown
        shader = shared.shader
    }

    func draw(into canvas: inout Canvas) {
        for tiles in [view.own.older, view.own.tiles].compactMap({ $0 }) { draw(tiles, into: &canvas) }
    }

    /// Draws the pictures that have come since, over the others.
    func add(_ fresh: [Int], into canvas: inout Canvas) {
        guard let tiles = view.own.tiles, tiles.frame.scale == shown.scale else { return }
        for index in fresh { draw(index, of: tiles, into: &canvas) }
    }

    private func draw(_ tiles: TileSet, into canvas: inout Canvas) {
        guard tiles.frame.scale == shown.scale else { return }
        for index in tiles.pictures.indices { draw(index, of: tiles, into: &canvas) }
    }

    private func draw(_ index: Int, of tiles: TileSet, into canvas: inout Canvas) {
        guard tiles.pictures.indices.contains(index), let picture = tiles.pictures[index],
            let rect = rect(of: index, in: tiles), rect.intersects(Rect(canvas.size))
        else { return }
        let fades = tiles.isFar(index) && [.palette256, .direct].contains(shared.theme.profile.depth)
        shader.draw(
            fades ? picture.faded(toward: shared.theme.profile.hasLightBackground ? 1 : 0) : picture, into: &canvas,
            rect: rect)
        if let first = tiles.firstClass, index % tiles.across == 0 {
            let number = first + index / tiles.across
            canvas.write(
                view.classMark(number, tiles, shared), column: rect.column, row: rect.row,
                style: shared.theme.classStyle(UInt8(clamping: number), .strong), width: rect.columns)
            return
        }
        guard view.own.showsClasses, let label = tiles.label(of: index), rect.rows > 1 else { return }
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

extension ManifoldView {
    mutating func refreshDrawing(_ shared: Shared) {
        let (layout, frame) = (layout(shared), shownFrame(shared))
        let key = ManifoldDrawing.Key(
            layers: own.layers, frame: frame, layout: layout, look: shared.look, showsClasses: own.showsClasses)
        guard key != own.drawn.key || !own.fresh.isEmpty else { return }
        let drawing = ManifoldDrawing(self, shared, layout: layout, shown: frame)
        var drawn = own.drawn
        if key == drawn.key {
            // Most frames bring a few pictures more.
            drawn.extend { drawing.add(own.fresh, into: &$0) }
        } else {
            drawn.refresh(key, size: layout.body.size) { drawing.draw(into: &$0) }
        }
        own.drawn = drawn
        own.fresh = []
    }
}

extension Picture {
    /// Nearer to a gray that it lies on: 0 black to 1 white. Its opacity stays.
    fileprivate func faded(toward background: Float) -> Picture {
        Picture(
            width: width, height: height, channels: channels,
            values: values.enumerated().map { index, value in
                channels == 4 && index % 4 == 3 ? value : background + Self.fadedShare * (value - background)
            })
    }

    private static let fadedShare: Float = 0.4
}

import Cells
import Pictures
import Shading

/// All that the strip of a path's frames depends on, which is drawn once.
struct WalkFilm: Hashable, Sendable {
    var walk: Int
    var arrivals: Int
    var kind: WalkPathKind
    var strip: FilmStrip
    var look: PictureLook
}

extension WalkView {
    func layout(_ shared: Shared) -> WalkLayout {
        WalkLayout(
            size: shared.size, model: shared.model, showsAll: showsAll, cellRatio: shared.theme.profile.cellRatio)
    }

    /// Where the frames lie.
    func strip(_ shared: Shared) -> FilmStrip {
        FilmStrip(
            count: shownPath?.pictures.count ?? 0, of: (shared.model.width, shared.model.height),
            in: layout(shared).film, gap: 1, cellRatio: shared.theme.profile.cellRatio)
    }

    /// Draws what does not change from frame to frame.
    mutating func refreshDrawing(_ shared: Shared) {
        let layout = layout(shared)
        if let plane = layout.plane, shared.explore.plane != nil {
            map.refresh(shared, grid: planeGrid(in: plane, shared))
        }
        guard let path = shownPath, let walk else { return }
        let strip = strip(shared)
        let key = WalkFilm(
            walk: walk.number, arrivals: walk.arrivals, kind: path.kind, strip: strip, look: shared.look)
        film.refresh(key, size: layout.film.size) { canvas in
            let shader = shared.shader
            for place in strip.places {
                let rect = Rect(
                    column: place.rect.column - layout.film.column, row: place.rect.row - layout.film.row,
                    columns: place.rect.columns, rows: place.rect.rows)
                shader.draw(path.pictures[place.index], into: &canvas, rect: rect)
            }
        }
    }
}

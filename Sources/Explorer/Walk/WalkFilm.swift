import Cells
import Pictures
import Shading

/// The strip of a path's frames, drawn once.
enum WalkFilm {
    /// All that it depends on.
    struct Key: Hashable, Sendable {
        var walk: Int
        var arrivals: Int
        var kind: WalkPathKind
        var strip: FilmStrip
        var look: PictureLook
    }
}

extension Shared {
    var walkLayout: WalkLayout {
        WalkLayout(
            size: size, model: model, frames: Self.walkFrames, showsAll: self[WalkView.self].showsAll,
            cellRatio: theme.profile.cellRatio)
    }

    /// Where the frames lie.
    var walkStrip: FilmStrip {
        FilmStrip(
            count: shownWalkPath?.pictures.count ?? 0, of: (model.width, model.height), in: walkLayout.film,
            cellRatio: theme.profile.cellRatio)
    }

    mutating func advanceWalk() {
        let (count, time) = (walkFrameCount, now)
        guard count > 1 else { return }
        owned.update(WalkView.self) { $0.playback.advance(of: count, at: time) }
    }

    /// Draws what does not change from frame to frame.
    mutating func refreshWalkDrawing() {
        let layout = walkLayout
        var (map, film) = (self[WalkView.self].map, self[WalkView.self].film)
        if let plane = layout.plane, explore.plane != nil { map.refresh(self, grid: planeGrid(in: plane)) }
        if let path = shownWalkPath, let walk = self[WalkView.self].walk {
            let strip = walkStrip
            let key = WalkFilm.Key(
                walk: walk.number, arrivals: walk.arrivals, kind: path.kind, strip: strip,
                look: look)
            film.refresh(key, size: layout.film.size) { canvas in
                let shader = shader
                for place in strip.places {
                    let rect = Rect(
                        column: place.rect.column - layout.film.column, row: place.rect.row - layout.film.row,
                        columns: place.rect.columns, rows: place.rect.rows)
                    shader.draw(path.pictures[place.index], into: &canvas, rect: rect)
                }
            }
        }
        owned.update(WalkView.self) { ($0.map, $0.film) = (map, film) }
    }
}

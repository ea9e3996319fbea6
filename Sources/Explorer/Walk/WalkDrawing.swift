import Cells
import Latent
import Pictures
import Shading

/// The Walk view on the screen.
struct WalkDrawing {
    private let shared: Shared
    private let layout: WalkLayout
    private let shader: Shader

    init(shared: Shared, layout: WalkLayout) {
        self.shared = shared
        self.layout = layout
        shader = shared.shader
    }

    private var own: WalkState { shared[WalkView.self] }
    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }

    func draw(into canvas: inout Canvas) {
        drawLines(into: &canvas)
        drawCaptions(into: &canvas)
        drawPictures(into: &canvas)
        drawEnds(into: &canvas)
        if let plane = layout.plane { drawPlane(plane, into: &canvas) }
        let figures = WalkFigures(shared: shared)
        if let table = layout.table { figures.drawTable(in: table, isTitled: isDivided(table), into: &canvas) }
        if let chart = layout.chart { figures.drawChart(in: chart, into: &canvas) }
        drawFilm(into: &canvas)
    }

    // MARK: The frame

    /// Where a column is divided: above each part that has something over it.
    private var dividers: [(column: Int, row: Int)] {
        [layout.plane, layout.table, layout.chart].compactMap { $0 }.compactMap { part in
            guard let column = layout.columns.firstIndex(where: { $0.column == part.column }),
                part.row > layout.columns[column].row
            else { return nil }
            return (column, part.row - 1)
        }
    }

    private func drawLines(into canvas: inout Canvas) {
        let (frame, film) = (layout.frame, layout.film.row - 1)
        let bottom = frame.row + frame.rows - 1
        func rule(_ row: Int, _ left: Unicode.Scalar, _ right: Unicode.Scalar) {
            canvas.fill(
                Rect(column: frame.column, row: row, columns: frame.columns, rows: 1),
                with: Cell(type.horizontal, theme.frame))
            canvas[frame.column, row] = Cell(left, theme.frame)
            canvas[frame.column + frame.columns - 1, row] = Cell(right, theme.frame)
        }
        let sides = [frame.column, frame.column + frame.columns - 1]
        for row in frame.row..<bottom { for side in sides { canvas[side, row] = Cell(type.vertical, theme.frame) } }
        rule(frame.row, type.upperLeft, type.upperRight)
        rule(film, type.leftTee, type.rightTee)
        rule(bottom, type.lowerLeft, type.lowerRight)
        let walls = layout.columns.dropFirst().map { $0.column - 1 }
        for wall in walls {
            for row in frame.row + 1..<film { canvas[wall, row] = Cell(type.vertical, theme.frame) }
            canvas[wall, frame.row] = Cell(type.downTee, theme.frame)
            canvas[wall, film] = Cell(type.upTee, theme.frame)
        }
        for divider in dividers {
            let column = layout.columns[divider.column]
            canvas.fill(
                Rect(column: column.column, row: divider.row, columns: column.columns, rows: 1),
                with: Cell(type.horizontal, theme.frame))
            join(column.column - 1, divider.row, type.leftTee, type.rightTee, into: &canvas)
            join(column.column + column.columns, divider.row, type.rightTee, type.leftTee, into: &canvas)
        }
    }

    /// A line meets a wall, at which another may end from the other side.
    private func join(
        _ column: Int, _ row: Int, _ tee: Unicode.Scalar, _ other: Unicode.Scalar, into canvas: inout Canvas
    ) {
        let present = canvas[column, row].glyph
        canvas[column, row] = Cell(present == other && other != tee ? type.cross : tee, theme.frame)
    }

    private func caption(_ title: String, _ values: String = "", over part: Rect, into canvas: inout Canvas) {
        let around = Rect(column: part.column - 1, row: part.row - 1, columns: part.columns + 2, rows: 1)
        canvas.caption(row: part.row - 1, around, title: title, values: values, theme: theme)
    }

    private func drawCaptions(into canvas: inout Canvas) {
        if own.showsAll {
            for (kind, column) in zip(WalkPathKind.allCases, layout.columns) {
                let length = WalkFigures(shared: shared).lengthText(kind, room: column.columns - 14)
                caption(kind.rawValue, length, over: column, into: &canvas)
            }
        } else {
            caption(endTitle(.start, layout.columns[0].columns), over: layout.columns[0], into: &canvas)
            caption(pathTitle, "t \(type.unsigned(share, digits: 2))", over: layout.columns[1], into: &canvas)
            caption(endTitle(.end, layout.columns[2].columns), over: layout.columns[2], into: &canvas)
        }
        if let plane = layout.plane, isDivided(plane) { caption("plane", over: plane, into: &canvas) }
        if let table = layout.table, isDivided(table) {
            let words = WalkFigures(shared: shared).tableCaption(room: table.columns)
            caption(words.title, words.values, over: table, into: &canvas)
        }
        if let chart = layout.chart, isDivided(chart) {
            caption("change per step", chart.columns >= 30 ? "px-units" : "", over: chart, into: &canvas)
        }
        let playback = own.playback
        let values = [
            playback.isPlaying ? "playing" : "paused", "\(playback.framesPerSecond)/s", playback.turn.rawValue,
        ]
        caption(
            "film", values.joined(separator: " \(type.dot) "), over: layout.film, into: &canvas)
    }

    private func isDivided(_ part: Rect) -> Bool { dividers.contains { $0.row == part.row - 1 } }

    /// How far along the path one is, 0…1.
    private var share: Float {
        Float(shared.shownWalkPath.map { shared.walkFrame(of: $0) } ?? 0) / Float(max(1, shared.walkFrameCount - 1))
    }

    private var pathTitle: String {
        guard let shown = shared.shownWalkPath else { return "path: \(own.kind.rawValue)" }
        return "path: \(shown.kind.rawValue)" + (shown.kind == own.kind || isBetweenClasses ? "" : " for now")
    }

    /// Between two classes no geodesic is to come.
    private var isBetweenClasses: Bool { own.walk.map { $0.order.start.label != $0.order.end.label } ?? false }

    private func endTitle(_ side: WalkSide, _ width: Int) -> String {
        let word = side == .start ? "from" : "to"
        // Of a class nothing is cut off: fewer coordinates stand before it.
        let titles = [4, 2, 1].map { "\(word): \(shared.walkEndName(side, coordinates: $0))" }
        return titles.first { $0.unicodeScalars.count + 1 <= width } ?? titles[titles.count - 1]
    }

    // MARK: Pictures

    private func drawPictures(into canvas: inout Canvas) {
        let paths =
            own.showsAll ? WalkPathKind.allCases.map { own.walk?.paths[$0] } : [shared.shownWalkPath]
        for (path, rect) in zip(paths, layout.pictures) {
            if let path {
                shader.draw(path.pictures[shared.walkFrame(of: path)], into: &canvas, rect: rect)
            } else {
                let words = shared.missingWalk ?? own.walk?.missingGeodesic ?? "searching" + type.ellipsis
                canvas.write([words], centeredIn: rect, theme: theme)
            }
        }
        guard !own.showsAll, let point = WalkView.pointUnderCursor(shared) else { return }
        let (rect, column) = (layout.pictures[0], layout.columns[1])
        let row = rect.row + rect.rows
        let end = (layout.table.flatMap { $0.column == column.column ? $0.row - 1 : nil }) ?? column.row + column.rows
        guard row < end else { return }
        let texts = point.coordinates.prefix(4).map { type.signed($0, digits: 2) }
        let place = [Span("z ", theme.faint), Span(texts.joined(separator: " "))]
        func columns(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + $1.columns } }
        let classed = place + shared.classSpans(point)
        // The bottom line has the class too.
        let spans = columns(classed) <= column.columns ? classed : place
        let width = columns(spans)
        canvas.write(
            spans, column: column.column + max(0, (column.columns - width) / 2), row: row, width: column.columns)
    }

    /// The data's pictures beside what the model makes of their codes, the former on the outside.
    private func drawEnds(into canvas: inout Canvas) {
        guard let ends = layout.ends else { return }
        let path = shared.shownWalkPath
        for (side, places) in [(WalkSide.start, [ends[0], ends[1]]), (.end, [ends[3], ends[2]])] {
            let decoded = side == .start ? path?.pictures.first : path?.pictures.last
            if case .image(let image) = shared.walkEnds[side] {
                draw(own.originals[image], "original", in: places[0], into: &canvas)
                draw(decoded, "model's", in: places[1], into: &canvas)
            } else {
                var middle = places[1]
                middle.column = (places[0].column + places[1].column) / 2
                draw(decoded, "decoded", in: middle, into: &canvas)
            }
        }
    }

    private func draw(_ picture: Picture?, _ label: String, in rect: Rect, into canvas: inout Canvas) {
        canvas.write(
            label, column: rect.column + max(0, rect.columns - label.count) / 2, row: rect.row - 1, style: theme.faint,
            width: rect.columns)
        if let picture { shader.draw(picture, into: &canvas, rect: rect) }
    }

    // MARK: Plane and film

    private func drawPlane(_ rect: Rect, into canvas: inout Canvas) {
        guard shared.explore.plane != nil else {
            canvas.write(["a plane takes two latents,", "this model has one"], centeredIn: rect, theme: theme)
            return
        }
        own.map.draw(into: &canvas, rect: rect)
        let overlay = PlaneOverlay(shared: shared, grid: shared.planeGrid(in: rect), rect: rect)
        let kind = shared.shownWalkPath?.kind ?? own.kind
        for other in WalkPathKind.allCases where other != kind {
            overlay.path(own.walk?.way(other) ?? [], theme.faint, into: &canvas)
        }
        overlay.path(own.walk?.way(kind) ?? [], theme.accent, into: &canvas)
        for side in [WalkSide.start, .end] {
            guard let point = shared.walkPoint(side) else { continue }
            let glyph = shared.walkLabel(side).map(Shared.classMark) ?? (side == .start ? "A" : "B")
            overlay.mark(point, glyph, theme.mark, into: &canvas)
        }
        if let point = WalkView.pointUnderCursor(shared) {
            overlay.mark(point, type.cross, theme.cursor, into: &canvas)
        }
    }

    private func drawFilm(into canvas: inout Canvas) {
        guard let path = shared.shownWalkPath else { return }
        if own.film.canvas.size == layout.film.size {
            canvas.copy(own.film.canvas, column: layout.film.column, row: layout.film.row)
        }
        guard let place = shared.walkStrip.place(nearest: shared.walkFrame(of: path)) else { return }
        canvas[place.column + (place.columns - 1) / 2, layout.frame.row + layout.frame.rows - 1] = Cell(
            type.pointer, theme.accent)
    }
}

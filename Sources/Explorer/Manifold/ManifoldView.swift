import Cells
import Latent
import Pictures

/// The whole screen as a grid of decoded pictures, to browse and to dive into.
struct ManifoldView: View {
    static let card = ViewCard(digit: 2, title: "Manifold")
    static let bindings = ManifoldKeys.bindings
    /// What it knows.
    var own = ManifoldState()
    /// The class of the point at the event before, to notice where another is asked for.
    private var label: ClassMix?

    func draw(_ shared: Shared, into canvas: inout Canvas) {
        let layout = layout(shared)
        canvas.copy(own.drawn.canvas, column: layout.body.column, row: layout.body.row)
        guard own.zoom == nil else { return }
        guard let tile = cursorTile(shared) else { return }
        canvas.outline(tile.inset(by: -1), within: layout.body, theme: shared.theme)
        drawInset(shared, into: &canvas)
    }

    /// Where the tile under the cursor lies; nil: there is no room for any.
    func cursorTile(_ shared: Shared) -> Rect? {
        let (grid, cursor) = (layout(shared).grid, cursor(shared))
        let index = cursor.row * grid.across + cursor.column
        return grid.places.indices.contains(index) ? grid.places[index] : nil
    }

    mutating func take(_ event: Event, _ shared: inout Shared) -> [Effect] {
        switch event {
        case .worked(let answer) where answer.slot == .manifold: takeTiles(answer)
        case .opened: own = ManifoldState()
        case .encoded: forgetClasses()
        case _ where event.renewsPictures: forgetTiles()
        default: break
        }
        if shared.explore.point.label != label {
            label = shared.explore.point.label
            bringCursorToClass(shared)
        }
        return []
    }

    mutating func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] {
        switch action {
        case .press, .drag: pointCursor(at: position, shared)
        case .wheelUp:
            pointCursor(at: position, shared)
            dive(&shared)
        case .wheelDown: rise(&shared)
        case .release: break
        }
        return []
    }

    mutating func refresh(_ shared: inout Shared) -> [Effect] {
        advanceZoom(shared)
        let effects = refreshTiles(&shared)
        dropOlderTiles()
        refreshClasses(shared)
        refreshDrawing(shared)
        refreshInset(shared)
        return effects
    }

    mutating func enter(_ shared: inout Shared) -> [Effect] {
        bringCursor(to: shared.explore.point, shared)
        return []
    }

    /// Nobody sees what is still missing.
    mutating func leave(_ shared: inout Shared) -> [Effect] {
        guard own.tiles?.isComplete == false else { return [] }
        forgetTiles()
        return [.drop(.manifold)]
    }

    func pointUnderCursor(_ shared: Shared) -> LatentPoint? { cursorPoint(shared) }

    func wakeTime(_ shared: Shared) -> Duration? {
        own.zoom?.nextFrame ?? (needsClasses(shared) ? shared.now : nil)
    }

    /// The point under the cursor, with as many digits as tell it from its neighbors.
    func status(_ shared: Shared) -> [Span] {
        let type = shared.theme.typography
        let (point, frame, cursor) = (cursorPoint(shared), frame(shared), cursor(shared))
        let beside = self.point(
            of: self.place(of: TilePlace(column: cursor.column + 1, row: cursor.row), shared), shared)
        // Where it lies on the plane: of more than two latents the axes have names of their own.
        func place(_ point: LatentPoint) -> LatentPoint { shared.explore.plane?.coordinates(of: point) ?? point }
        let digits = max(2, Typography.digits(for: abs(place(beside)[0] - place(point)[0])))
        let texts = place(point).coordinates.map {
            type.signedColumn($0, digits: digits, whole: 1, showsPlus: true)
        }
        let name = point.count > 2 ? shared.axisNames.joined(separator: " ") + " " : "z "
        var spans = [Span(name, shared.theme.faint), Span(texts.joined(separator: " "), shared.theme.text)]
        spans += shared.classSpans(point)
        // The title may have no room for it.
        if layout(shared).isLine { spans.append(Span("  row by row", shared.theme.faint)) }
        let whole = layout(shared).whole(shared.explore.wholeWindow, scale: frame.scale)
        let zoom = whole.step.x / frame.step.x
        if zoom > 1.01 {
            spans.append(
                Span("  \(type.times)\(type.unsigned(Float(zoom), digits: zoom < 10 ? 1 : 0))", shared.theme.faint))
        }
        return spans
    }

    /// All of the grid on one sheet.
    func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        guard let tiles = own.tiles, tiles.isComplete else {
            return .failure(Sentence("Not all pictures are there yet: wait a moment."))
        }
        let sheet = Picture.sheet(of: tiles.pictures.compactMap { $0 }, columns: tiles.across)
        switch format {
        case .picture: return .success(.picture(sheet))
        case .film: return .success(.film([sheet], frameDuration: .seconds(1)))
        case .text:
            let drawn = own.drawn.canvas
            return .success(.text(ANSIText.lines(of: drawn).map { $0 + "\n" }.joined()))
        }
    }

    /// What the grid spans.
    func facts(_ shared: Shared) -> String {
        let frame = frame(shared)
        let (type, layout) = (shared.theme.typography, layout(shared))
        let order = layout.isLine ? ["row by row"] : [classRows(shared)].compactMap { $0 }
        guard frame.scale == .linear else { return (["the prior's quantiles"] + order).joined(separator: "  ") }
        let ranges = (layout.isLine || firstClass(shared) != nil ? [0] : [0, 1]).map { axis in
            let half = frame.step[axis] * layout.extents[axis] / 2
            let range = Float(frame.center[axis] - half)...Float(frame.center[axis] + half)
            return "\(shared.axisNames[axis]) \(type.range(range))"
        }
        return (ranges + order).joined(separator: "  ")
    }
}

/// The keys of the Manifold view.
enum ManifoldKeys {
    static let bindings: [Binding<ManifoldView>] = [
        Binding(
            .move, "←↑↓→", plain: "arrows", hint: "move", "one picture; hjkl too",
            [
                (.left, .cursor(-1, 0)), (.right, .cursor(1, 0)), (.up, .cursor(0, 1)), (.down, .cursor(0, -1)),
                (.character("h"), .cursor(-1, 0)), (.character("l"), .cursor(1, 0)), (.character("k"), .cursor(0, 1)),
                (.character("j"), .cursor(0, -1)),
            ]),
        Binding(.move, "enter", hint: "dive", "dive in around it", [(.enter, .own { $0.dive(&$1) })]),
        Binding(
            .move, "⌫", plain: "backspace", hint: "out", "come out again",
            [(.backspace, .own { $0.rise(&$1) })]),
        Binding(
            .move, "⇧/HJKL", plain: "Shift/HJKL", hint: "pan", "move the plane",
            [
                (.shiftLeft, .leap(-1, 0)), (.shiftRight, .leap(1, 0)), (.shiftUp, .leap(0, 1)),
                (.shiftDown, .leap(0, -1)), (.character("H"), .leap(-1, 0)), (.character("L"), .leap(1, 0)),
                (.character("K"), .leap(0, 1)), (.character("J"), .leap(0, -1)),
            ]),
        Binding(
            .look, "+/−", plain: "+/-", hint: "size", "size of the pictures",
            [
                (.character("+"), .own { $0.resize(by: 1, &$1) }),
                (.character("="), .own { $0.resize(by: 1, &$1) }),
                (.character("-"), .own { $0.resize(by: -1, &$1) }),
                (.character("_"), .own { $0.resize(by: -1, &$1) }),
            ]),
        Binding(
            .look, "n", hint: "linear/quantiles", "even in z, or in the prior",
            [(.character("n"), .own { $0.toggleScale(&$1) })]),
        Binding(
            .look, "o", hint: "classes", "class that each decodes to",
            [(.character("o"), .own { $0.toggleClasses(&$1) })]),
        Binding(
            .look, "C", hint: "class rows", "rows are classes",
            [(.character("C"), .own { $0.toggleClassRows(&$1) })], isUseful: { $1.model.classCount != nil }),
        .shading, .colors,
    ]
}

extension Action where Owner == ManifoldView {
    fileprivate static func cursor(_ columns: Int, _ rows: Int) -> Action {
        own { $0.moveCursor(columns, rows, &$1) }
    }
    fileprivate static func leap(_ columns: Int, _ rows: Int) -> Action {
        own { $0.leap(columns, rows, &$1) }
    }
}

import Cells
import Latent
import Pictures

/// The whole screen as a grid of decoded pictures, to browse and to dive into.
struct ManifoldView: StaticView {
    static let card = ViewCard(digit: 2, title: "Manifold")
    static let bindings = ManifoldKeys.bindings
    static let initial = ManifoldState()

    static func draw(_ shared: Shared, into canvas: inout Canvas) {
        let layout = shared.manifoldLayout
        canvas.copy(shared[Self.self].drawn.canvas, column: layout.body.column, row: layout.body.row)
        guard shared[Self.self].zoom == nil else { return }
        let cursor = shared.manifoldCursor
        let index = cursor.row * layout.grid.across + cursor.column
        guard layout.grid.places.indices.contains(index) else { return }
        let tile = layout.grid.places[index]
        let around = Rect(
            column: tile.column - 1, row: tile.row - 1, columns: tile.columns + 2, rows: tile.rows + 2)
        canvas.outline(around, within: layout.body, theme: shared.theme)
    }

    static func take(_ event: Event, _ shared: inout Shared) -> [Effect] {
        switch event {
        case .worked(let answer) where answer.slot == .manifold: shared.takeManifoldTiles(answer)
        case .opened: shared[Self.self] = ManifoldState()
        case .encoded: shared.forgetManifoldClasses()
        case _ where event.renewsPictures: shared.forgetManifoldTiles()
        default: break
        }
        return []
    }

    static func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] {
        switch action {
        case .press, .drag: shared.pointManifoldCursor(at: position)
        case .wheelUp:
            shared.pointManifoldCursor(at: position)
            shared.diveIntoManifold()
        case .wheelDown: shared.riseFromManifold()
        case .release: break
        }
        return []
    }

    static func refresh(_ shared: inout Shared) -> [Effect] {
        shared.advanceManifoldZoom()
        let effects = shared.refreshManifoldTiles()
        shared.dropOlderManifoldTiles()
        shared.refreshManifoldClasses()
        shared.refreshManifoldDrawing()
        return effects
    }

    static func enter(_ shared: inout Shared) -> [Effect] {
        shared.bringManifoldCursor(to: shared.explore.point)
        return []
    }

    /// Nobody sees what is still missing.
    static func leave(_ shared: inout Shared) -> [Effect] {
        guard shared[Self.self].tiles?.isComplete == false else { return [] }
        shared.forgetManifoldTiles()
        return [.drop(.manifold)]
    }

    static func pointUnderCursor(_ shared: Shared) -> LatentPoint? { shared.manifoldCursorPoint }

    static func wakeTime(_ shared: Shared) -> Duration? {
        shared[Self.self].zoom?.nextFrame ?? (shared.needsManifoldClasses ? shared.now : nil)
    }

    /// The point under the cursor, with as many digits as tell it from its neighbors.
    static func status(_ shared: Shared) -> [Span] {
        let type = shared.theme.typography
        let (point, frame, cursor) = (shared.manifoldCursorPoint, shared.manifoldFrame, shared.manifoldCursor)
        let beside = shared.manifoldPoint(
            of: shared.manifoldPlace(of: TilePlace(column: cursor.column + 1, row: cursor.row)))
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
        if shared.manifoldLayout.isLine { spans.append(Span("  row by row", shared.theme.faint)) }
        let whole = shared.manifoldLayout.whole(shared.explore.wholeWindow, scale: frame.scale)
        let zoom = whole.step.x / frame.step.x
        if zoom > 1.01 {
            spans.append(
                Span("  \(type.times)\(type.unsigned(Float(zoom), digits: zoom < 10 ? 1 : 0))", shared.theme.faint))
        }
        return spans
    }

    /// All of the grid on one sheet.
    static func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        guard let tiles = shared[Self.self].tiles, tiles.isComplete else {
            return .failure(Sentence("Not all pictures are there yet: wait a moment."))
        }
        let sheet = Picture.sheet(of: tiles.pictures.compactMap { $0 }, columns: tiles.across)
        switch format {
        case .picture: return .success(.picture(sheet))
        case .film: return .success(.film([sheet], frameDuration: .seconds(1)))
        case .text:
            let drawn = shared[Self.self].drawn.canvas
            return .success(.text(ANSIText.lines(of: drawn).map { $0 + "\n" }.joined()))
        }
    }

    /// What the grid spans.
    static func facts(_ shared: Shared) -> String {
        let frame = shared.manifoldFrame
        let (type, layout) = (shared.theme.typography, shared.manifoldLayout)
        let order = layout.isLine ? ["row by row"] : [shared.manifoldClassRows].compactMap { $0 }
        guard frame.scale == .linear else { return (["the prior's quantiles"] + order).joined(separator: "  ") }
        let ranges = (layout.isLine || shared.manifoldFirstClass != nil ? [0] : [0, 1]).map { axis in
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
        Binding(.move, "enter", hint: "dive", "dive in around it", [(.enter, .change { $0.diveIntoManifold() })]),
        Binding(
            .move, "⌫", plain: "backspace", hint: "out", "come out again",
            [(.backspace, .change { $0.riseFromManifold() })]),
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
                (.character("+"), .change { $0.resizeManifold(by: 1) }),
                (.character("="), .change { $0.resizeManifold(by: 1) }),
                (.character("-"), .change { $0.resizeManifold(by: -1) }),
                (.character("_"), .change { $0.resizeManifold(by: -1) }),
            ]),
        Binding(
            .look, "n", hint: "linear/quantiles", "even in z, or in the prior",
            [(.character("n"), .change { $0.toggleManifoldScale() })]),
        Binding(
            .look, "o", hint: "classes", "class that each decodes to",
            [(.character("o"), .change { $0.toggleManifoldClasses() })]),
        Binding(
            .look, "C", hint: "class rows", "rows are classes",
            [(.character("C"), .change { $0.toggleManifoldClassRows() })], isUseful: { $1.model.classCount != nil }),
        .shading, .colors,
    ]
}

extension Action where Owner == ManifoldView {
    fileprivate static func cursor(_ columns: Int, _ rows: Int) -> Action {
        change { $0.moveManifoldCursor(columns, rows) }
    }
    fileprivate static func leap(_ columns: Int, _ rows: Int) -> Action {
        change { $0.leapManifold(columns, rows) }
    }
}

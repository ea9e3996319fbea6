import Cells
import Latent
import Pictures

/// The whole screen as a grid of decoded pictures, to browse and to dive into.
struct ManifoldView: View {
    static let digit = 2
    static let title = "Manifold"
    static let bindings = ManifoldKeys.bindings
    static let initial = ManifoldState()

    static func draw(_ state: State, into canvas: inout Canvas) {
        let layout = state.manifoldLayout
        canvas.copy(state[Self.self].drawn.canvas, column: layout.body.column, row: layout.body.row)
        guard state[Self.self].zoom == nil else { return }
        let cursor = state.manifoldCursor
        let index = cursor.row * layout.grid.across + cursor.column
        guard layout.grid.places.indices.contains(index) else { return }
        let tile = layout.grid.places[index]
        let around = Rect(
            column: tile.column - 1, row: tile.row - 1, columns: tile.columns + 2, rows: tile.rows + 2)
        canvas.outline(around, within: layout.body, theme: state.theme)
    }

    static func take(_ event: Event, _ state: inout State) -> [Effect] {
        switch event {
        case .worked(let answer) where answer.slot == .manifold: state.takeManifoldTiles(answer)
        case .opened: state[Self.self] = ManifoldState()
        case .encoded: state.forgetManifoldClasses()
        case _ where event.renewsPictures: state.forgetManifoldTiles()
        default: break
        }
        return []
    }

    static func mouse(_ action: MouseAction, at position: Position, _ state: inout State) -> [Effect] {
        switch action {
        case .press, .drag: state.pointManifoldCursor(at: position)
        case .wheelUp:
            state.pointManifoldCursor(at: position)
            state.diveIntoManifold()
        case .wheelDown: state.riseFromManifold()
        case .release: break
        }
        return []
    }

    static func refresh(_ state: inout State) -> [Effect] {
        state.advanceManifoldZoom()
        let effects = state.refreshManifoldTiles()
        state.dropOlderManifoldTiles()
        state.refreshManifoldClasses()
        state.refreshManifoldDrawing()
        return effects
    }

    static func enter(_ state: inout State) -> [Effect] {
        state.bringManifoldCursor(to: state.explore.point)
        return []
    }

    /// Nobody sees what is still missing.
    static func leave(_ state: inout State) -> [Effect] {
        guard state[Self.self].tiles?.isComplete == false else { return [] }
        state.forgetManifoldTiles()
        return [.drop(.manifold)]
    }

    static func pointUnderCursor(_ state: State) -> LatentPoint? { state.manifoldCursorPoint }

    static func wakeTime(_ state: State) -> Duration? {
        state[Self.self].zoom?.nextFrame ?? (state.needsManifoldClasses ? state.now : nil)
    }

    /// The point under the cursor, with as many digits as tell it from its neighbors.
    static func status(_ state: State) -> [Span] {
        let type = state.theme.typography
        let (point, frame, cursor) = (state.manifoldCursorPoint, state.manifoldFrame, state.manifoldCursor)
        let beside = state.manifoldPoint(
            of: state.manifoldPlace(of: TilePlace(column: cursor.column + 1, row: cursor.row)))
        // Where it lies on the plane: of more than two latents the axes have names of their own.
        func place(_ point: LatentPoint) -> LatentPoint { state.explore.plane?.coordinates(of: point) ?? point }
        let digits = max(2, Typography.digits(for: abs(place(beside)[0] - place(point)[0])))
        let texts = place(point).coordinates.map {
            type.signedColumn($0, digits: digits, whole: 1, showsPlus: true)
        }
        let name = point.count > 2 ? state.axisNames.joined(separator: " ") + " " : "z "
        var spans = [Span(name, state.theme.faint), Span(texts.joined(separator: " "), state.theme.text)]
        spans += state.classSpans(point)
        // The title may have no room for it.
        if state.manifoldLayout.isLine { spans.append(Span("  row by row", state.theme.faint)) }
        let whole = state.manifoldLayout.whole(state.explore.wholeWindow, scale: frame.scale)
        let zoom = whole.step.x / frame.step.x
        if zoom > 1.01 {
            spans.append(
                Span("  \(type.times)\(type.unsigned(Float(zoom), digits: zoom < 10 ? 1 : 0))", state.theme.faint))
        }
        return spans
    }

    /// All of the grid on one sheet.
    static func exhibit(_ state: State, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        guard let tiles = state[Self.self].tiles, tiles.isComplete else {
            return .failure(Sentence("Not all pictures are there yet: wait a moment."))
        }
        let sheet = Picture.sheet(of: tiles.pictures.compactMap { $0 }, columns: tiles.across)
        switch format {
        case .picture: return .success(.picture(sheet))
        case .film: return .success(.film([sheet], frameDuration: .seconds(1)))
        case .text:
            let drawn = state[Self.self].drawn.canvas
            return .success(.text(ANSIText.lines(of: drawn).map { $0 + "\n" }.joined()))
        }
    }

    /// What the grid spans.
    static func facts(_ state: State) -> String {
        let frame = state.manifoldFrame
        let (type, layout) = (state.theme.typography, state.manifoldLayout)
        let order = layout.isLine ? ["row by row"] : [state.manifoldClassRows].compactMap { $0 }
        guard frame.scale == .linear else { return (["the prior's quantiles"] + order).joined(separator: "  ") }
        let ranges = (layout.isLine || state.manifoldFirstClass != nil ? [0] : [0, 1]).map { axis in
            let half = frame.step[axis] * layout.extents[axis] / 2
            let range = Float(frame.center[axis] - half)...Float(frame.center[axis] + half)
            return "\(state.axisNames[axis]) \(type.range(range))"
        }
        return (ranges + order).joined(separator: "  ")
    }
}

/// The keys of the Manifold view.
enum ManifoldKeys {
    static let bindings: [Binding] = [
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
            [(.character("C"), .change { $0.toggleManifoldClassRows() })], isUseful: { $0.model.classCount != nil }),
        .shading, .colors,
    ]
}

extension Action {
    fileprivate static func cursor(_ columns: Int, _ rows: Int) -> Action {
        change { $0.moveManifoldCursor(columns, rows) }
    }
    fileprivate static func leap(_ columns: Int, _ rows: Int) -> Action {
        change { $0.leapManifold(columns, rows) }
    }
}

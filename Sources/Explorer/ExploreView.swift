import Cells
import Latent

/// The plane at the left, the picture and what is known of the point at the right.
struct ExploreView: View {
    static let digit = 1
    static let title = "Explore"
    static let bindings = ExploreKeys.bindings
    static let initial = ExploreOwn()

    private let state: State
    private let layout: Layout

    private var theme: Theme { state.theme }
    private var type: Typography { state.theme.typography }

    static func draw(_ state: State, into canvas: inout Canvas) {
        guard let layout = state.layout else { return }
        ExploreView(state: state, layout: layout).draw(into: &canvas)
    }

    static func mouse(_ action: MouseAction, at position: Position, _ state: inout State) -> [Effect] {
        if let effects = state.mouseOnSliders(action, at: position) { return effects }
        return state[Self.self].sliders.isOpen ? [] : state.mouseInPlane(action, at: position)
    }

    /// The weights may have changed since the point was decoded.
    static func enter(_ state: inout State) -> [Effect] { [state.decodeRequest()] }

    static func take(_ event: Event, _ state: inout State) -> [Effect] {
        switch event {
        case .worked(let answer) where answer.slot == .point: state.takeStretchHere(answer)
        case .worked(let answer) where answer.slot == .stretch: state.takeStretchMap(answer)
        case .worked(let answer) where answer.slot == .images: state.takeNearestImage(answer)
        case .worked(let answer) where answer.slot == .influences: return state.takeInfluences(answer)
        case .started: state.refreshSliders()
        case .opened:
            state[Self.self] = ExploreOwn()
            state.refreshSliders()
        case .encoded:
            state.owned.update(Self.self) { [cloud = state.cloud] in $0.images.note(cloud) }
        case _ where event.renewsPictures:
            state.forgetStretch()
            state.forgetInfluences()
        default: break
        }
        return []
    }

    static func refresh(_ state: inout State) -> [Effect] {
        state.refreshReading()
        return state.refreshStretchHere() + state.refreshNearestImage() + state.refreshStretchMap()
            + state.refreshBackground() + state.refreshInfluences()
    }

    /// Nobody sees what is still missing.
    static func leave(_ state: inout State) -> [Effect] { state.cancelNearestImage() + state.dropStretchMap() }

    private func draw(into canvas: inout Canvas) {
        if state.openSliderGrid == nil {
            drawPlane(into: &canvas)
        } else {
            SliderPanel(state: state).drawPane(layout.planePane, into: &canvas)
        }
        drawPicture(into: &canvas)
        guard !layout.here.isEmpty, let here = state.hereLayout else { return }
        let step = "step " + type.unsigned(state.explore.step, digits: state.explore.stepDigits)
        let image = here.thumbnail.flatMap { _ in state.reading.nearest == nil ? nil : state[Self.self].images.shown }
        canvas.divider(
            row: layout.here.row - 1, of: layout.picturePane, title: "here",
            values: step + (image == nil ? "" : "   nearest"), theme: theme)
        if let grid = state.hereSliderGrid {
            SliderPanel(state: state).draw(grid, showsDivergences: false, into: &canvas)
        }
        HerePanel(state: state, rect: here.text, hasSliders: here.sliders.rows > 0 || state.openSliderGrid != nil).draw(
            into: &canvas)
        if let image, let thumbnail = here.thumbnail { state.shader.draw(image, into: &canvas, rect: thumbnail) }
    }

    private func drawPicture(into canvas: inout Canvas) {
        let model = state.model
        let scale = layout.picture.columns / max(1, model.width)
        let isWhole = scale > 0 && layout.picture.columns % model.width == 0
        let values = [
            (state.picture?.pixelRange ?? model.pixelRange).map { "pixels " + cellText($0) },
            "\(model.width)\(type.times)\(model.height)" + (isWhole ? " at \(scale)\(type.times)" : ""),
        ].compactMap { $0 }
        let title = state.title("decoded", of: state.picture?.request.point)
        let (all, room) = (values.joined(separator: "  "), layout.picturePane.columns - title.unicodeScalars.count - 7)
        canvas.frame(
            layout.picturePane, title: title, values: all.unicodeScalars.count <= room ? all : values[0], theme: theme)
        if let picture = state.picture?.picture {
            state.shader.draw(picture, into: &canvas, rect: layout.picture)
        } else {
            canvas.write(["decoding" + type.ellipsis], centeredIn: layout.picture, theme: theme)
        }
    }

    private func drawPlane(into canvas: inout Canvas) {
        let isLine = state.explore.plane == nil
        guard let grid = isLine ? state.lineGrid : state.planeGrid else { return }
        let ranges = zip(state.axisNames, isLine ? [grid.horizontal] : [grid.horizontal, grid.vertical])
            .map { "\($0) \(type.range($1))" }.joined(separator: "  ")
        let title = isLine ? "latent line" : "latent plane"
        let name = isLine ? state.lineName : state.preferences.plane == .nothing ? nil : state.planeName
        let full = name.map { "\(title) \(type.dot) \($0)" } ?? title
        let room = layout.planePane.columns - 8 - ranges.unicodeScalars.count
        canvas.frame(
            layout.planePane, title: full.unicodeScalars.count <= room ? full : title, values: ranges, theme: theme)
        PlanePanel(state: state, grid: grid, pane: layout.planePane).draw(into: &canvas)
    }
}

extension Canvas {
    /// Writes lines in the middle of a rectangle, broken between words where they are too long.
    mutating func write(_ lines: [String], centeredIn rect: Rect, theme: Theme) {
        let lines = lines.flatMap { wrapped($0, to: rect.columns - 2) }
        for (number, line) in lines.enumerated() where number < rect.rows {
            write(
                line, column: rect.column + max(0, (rect.columns - line.unicodeScalars.count) / 2),
                row: rect.row + max(0, (rect.rows - lines.count) / 2) + number, style: theme.faint, width: rect.columns)
        }
    }
}

/// Text in lines of at most `width` characters, broken at blanks.
func wrapped(_ text: String, to width: Int) -> [String] {
    text.split(separator: " ").reduce(into: [String]()) { lines, word in
        if let last = lines.last, last.unicodeScalars.count + 1 + word.unicodeScalars.count <= width {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(String(word))
        }
    }
}

import Cells
import Latent

/// The plane at the left, the picture and what is known of the point at the right.
struct ExploreView: StaticView {
    static let card = ViewCard(digit: 1, title: "Explore")
    static let bindings = ExploreKeys.bindings
    static let initial = ExploreOwn()

    static func draw(_ shared: Shared, into canvas: inout Canvas) {
        guard let layout = shared.layout else { return }
        ExploreDrawing(shared: shared, layout: layout).draw(into: &canvas)
    }

    static func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] {
        if let effects = shared.mouseOnSliders(action, at: position) { return effects }
        return shared[Self.self].sliders.isOpen ? [] : shared.mouseInPlane(action, at: position)
    }

    /// The weights may have changed since the point was decoded.
    static func enter(_ shared: inout Shared) -> [Effect] { [shared.decodeRequest()] }

    static func take(_ event: Event, _ shared: inout Shared) -> [Effect] {
        switch event {
        case .worked(let answer) where answer.slot == .point: shared.takeStretchHere(answer)
        case .worked(let answer) where answer.slot == .stretch: shared.takeStretchMap(answer)
        case .worked(let answer) where answer.slot == .images: shared.takeNearestImage(answer)
        case .worked(let answer) where answer.slot == .influences: return shared.takeInfluences(answer)
        case .started: shared.refreshSliders()
        case .opened:
            shared[Self.self] = ExploreOwn()
            shared.refreshSliders()
        case .encoded:
            shared.owned.update(Self.self) { [cloud = shared.cloud] in $0.images.note(cloud) }
        case _ where event.renewsPictures:
            shared.forgetStretch()
            shared.forgetInfluences()
        default: break
        }
        return []
    }

    static func refresh(_ shared: inout Shared) -> [Effect] {
        shared.refreshReading()
        return shared.refreshStretchHere() + shared.refreshNearestImage() + shared.refreshStretchMap()
            + shared.refreshBackground() + shared.refreshInfluences()
    }

    static func progress(_ shared: Shared) -> Progress? { shared.stretchProgress }

    /// Nobody sees what is still missing.
    static func leave(_ shared: inout Shared) -> [Effect] { shared.cancelNearestImage() + shared.dropStretchMap() }
}

/// Explore's screen.
private struct ExploreDrawing {
    let shared: Shared
    let layout: Layout

    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }

    func draw(into canvas: inout Canvas) {
        if shared.openSliderGrid == nil {
            drawPlane(into: &canvas)
        } else {
            SliderPanel(shared: shared).drawPane(layout.planePane, into: &canvas)
        }
        drawPicture(into: &canvas)
        guard !layout.here.isEmpty, let here = shared.hereLayout else { return }
        let step = "step " + type.unsigned(shared.explore.step, digits: shared.explore.stepDigits)
        let image = here.thumbnail.flatMap { _ in
            shared.reading.nearest == nil ? nil : shared[ExploreView.self].images.shown
        }
        canvas.divider(
            row: layout.here.row - 1, of: layout.picturePane, title: "here",
            values: step + (image == nil ? "" : "   nearest"), theme: theme)
        if let grid = shared.hereSliderGrid {
            SliderPanel(shared: shared).draw(grid, showsDivergences: false, into: &canvas)
        }
        HerePanel(shared: shared, rect: here.text, hasSliders: here.sliders.rows > 0 || shared.openSliderGrid != nil)
            .draw(
                into: &canvas)
        if let image, let thumbnail = here.thumbnail { shared.shader.draw(image, into: &canvas, rect: thumbnail) }
    }

    private func drawPicture(into canvas: inout Canvas) {
        let model = shared.model
        let scale = layout.picture.columns / max(1, model.width)
        let isWhole = scale > 0 && layout.picture.columns % model.width == 0
        let values = [
            (shared.picture?.pixelRange ?? model.pixelRange).map { "pixels " + cellText($0) },
            "\(model.width)\(type.times)\(model.height)" + (isWhole ? " at \(scale)\(type.times)" : ""),
        ].compactMap { $0 }
        let title = shared.title("decoded", of: shared.picture?.request.point)
        let (all, room) = (values.joined(separator: "  "), layout.picturePane.columns - title.unicodeScalars.count - 7)
        canvas.frame(
            layout.picturePane, title: title, values: all.unicodeScalars.count <= room ? all : values[0], theme: theme)
        if let picture = shared.picture?.picture {
            shared.shader.draw(picture, into: &canvas, rect: layout.picture)
        } else {
            canvas.write(["decoding" + type.ellipsis], centeredIn: layout.picture, theme: theme)
        }
        if shared.showsHints { FirstHint(shared: shared).draw(into: &canvas, pane: layout.picturePane, layout.picture) }
    }

    private func drawPlane(into canvas: inout Canvas) {
        let isLine = shared.explore.plane == nil
        guard let grid = isLine ? shared.lineGrid : shared.planeGrid else { return }
        let ranges = zip(shared.axisNames, isLine ? [grid.horizontal] : [grid.horizontal, grid.vertical])
            .map { "\($0) \(type.range($1))" }.joined(separator: "  ")
        let title = isLine ? "latent line" : "latent plane"
        let name = isLine ? shared.lineName : shared.preferences.plane == .nothing ? nil : shared.planeName
        let full = name.map { "\(title) \(type.dot) \($0)" } ?? title
        let room = layout.planePane.columns - 8 - ranges.unicodeScalars.count
        canvas.frame(
            layout.planePane, title: full.unicodeScalars.count <= room ? full : title, values: ranges, theme: theme)
        PlanePanel(shared: shared, grid: grid, pane: layout.planePane).draw(into: &canvas)
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

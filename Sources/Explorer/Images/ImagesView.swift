import Cells
import Latent
import Pictures

/// The data set, image by image, beside what the model makes of it; or a pad to draw on.
struct ImagesView: View {
    static let digit = 4
    static let title = "Images"
    static let bindings = ImagesKeys.browsing + DrawKeys.bindings + ImagesKeys.shared
    static let initial = ImagesState()

    let state: State
    let layout: ImagesLayout

    var own: ImagesState { state[Self.self] }
    private var theme: Theme { state.theme }
    private var type: Typography { state.theme.typography }

    static func draw(_ state: State, into canvas: inout Canvas) {
        ImagesView(state: state, layout: state.imagesLayout).draw(into: &canvas)
    }

    static func take(_ event: Event, _ state: inout State) -> [Effect] {
        switch event {
        case .worked(let answer): state.takeForImages(answer)
        case .opened:
            let inference = state.imagesInference
            state[Self.self] = ImagesState()
            state.takeInference(inference)
        case .encoded: state.takeCodesForImages()
        case _ where event.renewsPictures:
            state.changeImages { own in
                own.forgetAnswers()
                own.areCodesStale = true
            }
        default: break
        }
        return []
    }

    /// The image, or the drawing as the model sees it, beside its reconstruction.
    static func exhibit(_ state: State, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        let own = state[Self.self]
        guard !own.isDrawing || own.drawing?.shown != nil else {
            return .failure(
                Sentence("Nothing is drawn yet: draw something first."))
        }
        let pictures = state.imagesReconstruction.map { [$0.input, $0.decoded] } ?? []
        return state.sheetExhibit(of: pictures, columns: 2, as: format)
    }

    static func mouse(_ action: MouseAction, at position: Position, _ state: inout State) -> [Effect] {
        if state[Self.self].isDrawing {
            state.mouseOnPad(action, at: position)
        } else {
            state.mouseInImages(action, at: position)
        }
        return []
    }

    static func refresh(_ state: inout State) -> [Effect] { state.refreshImages() }

    /// Other views may have replaced what was asked for.
    static func enter(_ state: inout State) -> [Effect] {
        state.changeImages { $0.neighbors.forgetAsked() }
        return []
    }

    static func leave(_ state: inout State) -> [Effect] {
        state.changeDrawing { $0.liftPen() }
        return state.dropPosterior()
    }

    /// The exact posterior's mode where that is shown, else the answer's mean.
    static func pointUnderCursor(_ state: State) -> LatentPoint? {
        state.imagesExactPosterior?.mode ?? state.imagesPosterior?.mean
    }

    /// Which images, in which order, and how far the order is known.
    static func status(_ state: State) -> [Span] {
        let own = state[Self.self]
        let posterior = state.posteriorStatus
        if own.isDrawing {
            return DrawPanel.status(state) + drawnClass(state)
                + (posterior.map { [Span("  \($0)", state.theme.strong)] } ?? [])
        }
        var words = [posterior].compactMap { $0 }
        if let filter = own.filter { words.append("class \(state.shortName(ofClass: filter))") }
        if own.order != .data {
            let count = state.cloud?.count ?? 0
            words.append(
                own.losses.isComplete(for: count)
                    ? own.order.name + (own.inference == .encoder ? "" : " by the encoder")
                    : "measuring \(Int(own.losses.share(of: count) * 100)) %")
        }
        let classes = state.classStatus
        guard !words.isEmpty else { return classes }
        return (classes.isEmpty ? [] : classes + [Span("  ")]) + [
            Span(words.joined(separator: ", "), state.theme.strong)
        ]
    }

    /// The class that a drawing is encoded as, and whether somebody set it.
    private static func drawnClass(_ state: State) -> [Span] {
        guard state.model.classCount != nil else { return [] }
        guard state.imagesClass == nil else { return [Span("  ")] + state.classStatus }
        return [Span("  as class \(state.className(0)), as none is set", state.theme.faint)]
    }

    // MARK: Drawing

    private func draw(into canvas: inout Canvas) {
        drawFrames(into: &canvas)
        guard own.isDrawing || own.image != nil else {
            let rect = Rect(
                column: layout.first.column, row: layout.first.row,
                columns: layout.second.column + layout.second.columns - layout.first.column, rows: layout.first.rows)
            let words = state.progress == nil ? state.missingData : "encoding" + type.ellipsis
            canvas.write([words], centeredIn: rect, theme: theme)
            drawPlane(into: &canvas)
            return
        }
        drawPictures(into: &canvas)
        drawPlane(into: &canvas)
        ImageNumbers(state: state, rect: layout.numbers).draw(into: &canvas)
        drawStrips(into: &canvas)
    }

    private func drawFrames(into canvas: inout Canvas) {
        let titles =
            own.isDrawing ? ["pad", "as it is seen"] : ["image", "difference"]
        canvas.frame(layout.main, title: titles[0], theme: theme)
        let second = max(layout.second.column - 1, layout.main.column + titles[0].count + 4)
        let middle = state.sampleStripRect == layout.second ? "samples" : reconstructionTitle
        canvas.write(
            " \(middle) ", column: second, row: layout.main.row, style: theme.text,
            width: layout.main.column + layout.main.columns - 1 - second)
        let name = state.cloud.map { cellText($0.name) } ?? "numbers"
        canvas.divider(
            row: layout.numbers.row - 1, of: layout.main, title: own.isDrawing ? "drawing" : name, theme: theme)
        for strip in [layout.strip, layout.lowerStrip].compactMap({ $0 }) where layout.isStacked {
            // At the right, where the frame of the current one seldom is.
            guard let title = stripTitle(strip) else { continue }
            canvas.divider(row: strip.row - 1, of: layout.main, title: "", values: title, theme: theme)
        }
        guard let side = layout.side, let plane = layout.plane else { return }
        let ranges = state.explore.plane == nil ? "" : planeRanges(plane)
        let title = state.imagesPlaneTitle(columns: side.columns)
        if layout.third == nil {
            canvas.frame(side, title: title, values: ranges, theme: theme)
        } else {
            canvas.frame(side, title: titles[1], theme: theme)
            canvas.divider(row: plane.row - 1, of: side, title: title, values: ranges, theme: theme)
        }
    }

    /// Whose picture it is that is there: the one wanted may be on its way.
    private var reconstructionTitle: String {
        state.title(
            State.title("reconstruction", by: own.shown?.reconstruction.inference), of: own.shown?.reconstruction.mean)
    }

    /// What is shown in a row of small pictures; nil: nothing.
    private func stripTitle(_ strip: Rect) -> String? {
        if state.sampleStripRect == strip { return "samples" }
        return state.neighborStripRect == strip ? "around it" : nil
    }

    private func planeRanges(_ rect: Rect) -> String {
        let grid = state.planeGrid(in: rect)
        return zip(state.axisNames, [grid.horizontal, grid.vertical]).map { "\($0) \(type.range($1))" }
            .joined(separator: "  ")
    }

    private func drawPictures(into canvas: inout Canvas) {
        let shader = state.shader
        let drawing = own.isDrawing ? own.drawing : nil
        // As long as the answer is on its way, the one before it stays.
        let answer = drawing == nil || drawing?.shown != nil ? own.shown?.reconstruction : nil
        let first = drawing?.padPicture ?? own.image.flatMap { own.neighbors[$0] } ?? answer?.input
        if let first { shader.draw(first, into: &canvas, rect: layout.first) }
        if let drawing { DrawPanel.drawPen(drawing, state, rect: layout.first, into: &canvas) }
        if let answer, state.sampleStripRect != layout.second {
            shader.draw(answer.decoded, into: &canvas, rect: layout.second)
        }
        guard let third = layout.third else { return }
        if let drawing {
            if let shown = drawing.shown { shader.draw(shown, into: &canvas, rect: third) }
        } else if let answer,
            let difference = Difference(
                of: answer.decoded, from: answer.input, over: theme.profile.hasLightBackground ? 1 : 0)
        {
            state.drawDifference(difference, into: &canvas, rect: third)
        }
    }

    private func drawPlane(into canvas: inout Canvas) {
        guard let rect = layout.plane else { return }
        guard state.explore.plane != nil else {
            canvas.write(["a plane takes two latents,", "this model has one"], centeredIn: rect, theme: theme)
            return
        }
        own.plane.draw(into: &canvas, rect: rect)
        let exact = state.imagesExactPosterior
        if exact != nil { own.posterior.map.draw(into: &canvas, rect: rect) }
        guard let posterior = state.imagesPosterior else { return }
        let overlay = PlaneOverlay(state: state, grid: state.planeGrid(in: rect), rect: rect)
        if let deviations = posterior.deviations {
            overlay.ellipse(mean: posterior.mean, deviations: deviations, theme.accent, into: &canvas)
        }
        overlay.mark(posterior.mean, type.cross, theme.cursor, into: &canvas)
        if let exact { overlay.mark(exact.mode, type.modeMark, theme.mark, into: &canvas) }
    }

    private func drawStrips(into canvas: inout Canvas) {
        let shader = state.shader
        if let strip = state.neighborStrip {
            for place in strip.places {
                guard let picture = own.neighbors[own.list.images[place.index]] else { continue }
                shader.draw(picture, into: &canvas, rect: place.rect)
            }
            if let tile = strip.places.first(where: { $0.index == own.place })?.rect {
                let around = Rect(
                    column: tile.column - 1, row: tile.row - 1, columns: tile.columns + 2, rows: tile.rows + 2)
                canvas.outline(around, within: layout.main, theme: theme)
            }
        }
        guard let strip = state.sampleStrip, let samples = own.samples, samples.subject == state.imagesSubject else {
            return
        }
        for place in strip.places where place.index < samples.pictures.count {
            shader.draw(samples.pictures[place.index], into: &canvas, rect: place.rect)
        }
    }
}

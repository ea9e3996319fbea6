import Cells
import Latent
import Pictures

/// The screen of the Images view.
struct ImagesDrawing {
    let view: ImagesView
    let shared: Shared
    let layout: ImagesLayout

    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }

    func draw(into canvas: inout Canvas) {
        drawFrames(into: &canvas)
        guard view.isDrawing || view.image != nil else {
            let rect = Rect(
                column: layout.first.column, row: layout.first.row,
                columns: layout.second.column + layout.second.columns - layout.first.column, rows: layout.first.rows)
            let words = shared.progress == nil ? shared.missingData : "encoding" + type.ellipsis
            canvas.write([words], centeredIn: rect, theme: theme)
            drawPlane(into: &canvas)
            return
        }
        drawPictures(into: &canvas)
        drawPlane(into: &canvas)
        var numbers = layout.numbers
        if let nearest = view.nearestRect(shared) { numbers.columns = nearest.column - 1 - numbers.column }
        ImageNumbers(view: view, shared: shared, rect: numbers).draw(into: &canvas)
        drawStrips(into: &canvas)
    }

    private func drawFrames(into canvas: inout Canvas) {
        let titles =
            view.isDrawing ? ["pad", "as it is seen"] : ["image", "difference"]
        canvas.frame(layout.main, title: titles[0], theme: theme)
        let second = max(layout.second.column - 1, layout.main.column + titles[0].count + 4)
        let middle = view.sampleStripRect(shared) == layout.second ? samplesTitle : reconstructionTitle
        canvas.write(
            " \(middle) ", column: second, row: layout.main.row, style: theme.text,
            width: layout.main.column + layout.main.columns - 1 - second)
        let name = shared.cloud.map { cellText($0.name) } ?? "numbers"
        canvas.divider(
            row: layout.numbers.row - 1, of: layout.main, title: view.isDrawing ? drawingTitle : name, theme: theme)
        for strip in [layout.strip, layout.lowerStrip].compactMap({ $0 }) where layout.isStacked {
            // At the right, where the frame of the current one seldom is.
            guard let title = stripTitle(strip) else { continue }
            canvas.divider(row: strip.row - 1, of: layout.main, title: "", values: title, theme: theme)
        }
        guard let side = layout.side, let plane = layout.plane else { return }
        let ranges = shared.explore.plane == nil ? "" : planeRanges(plane)
        let title = view.planeTitle(columns: side.columns, shared)
        if layout.third == nil {
            canvas.frame(side, title: title, values: ranges, theme: theme)
        } else {
            canvas.frame(side, title: titles[1], theme: theme)
            canvas.divider(row: plane.row - 1, of: side, title: title, values: ranges, theme: theme)
        }
    }

    /// Whose picture it is that is there: the one wanted may be on its way.
    private var reconstructionTitle: String {
        shared.title(
            ImagesView.title("reconstruction", by: view.shown?.reconstruction.inference),
            of: view.shown?.reconstruction.mean)
    }

    /// How the drawing is shown to the model.
    private var drawingTitle: String {
        guard let drawing = view.drawing, drawing.shown != nil else { return "drawing" }
        return drawing.isCentered ? "drawing, centered as MNIST" : "drawing, as it is"
    }

    private var samplesTitle: String { type.samples(view.sampleSpread(shared)) }

    /// What is shown in a row of small pictures; nil: nothing.
    private func stripTitle(_ strip: Rect) -> String? {
        if view.sampleStripRect(shared) == strip { return samplesTitle }
        return view.neighborStripRect(shared) == strip ? "around it" : nil
    }

    private func planeRanges(_ rect: Rect) -> String {
        let grid = view.lensGrid(in: rect, shared)
        return zip(shared.axisNames, [grid.horizontal, grid.vertical]).map { "\($0) \(type.range($1))" }
            .joined(separator: "  ")
    }

    private func drawPictures(into canvas: inout Canvas) {
        let shader = shared.shader
        let drawing = view.isDrawing ? view.drawing : nil
        // As long as the answer is on its way, the one before it stays.
        let answer = drawing == nil || drawing?.shown != nil ? view.shown?.reconstruction : nil
        let first = drawing?.padPicture ?? view.image.flatMap { view.neighbors[$0] } ?? answer?.input
        if let first { shader.draw(first, into: &canvas, rect: layout.first) }
        if let drawing, drawing.shown == nil {
            let upper = Rect(
                column: layout.first.column, row: layout.first.row, columns: layout.first.columns,
                rows: layout.first.rows / 2)
            canvas.write([view.invitation(shared)], centeredIn: upper, theme: theme)
        }
        if let drawing { DrawPanel.drawPen(drawing, shared, rect: layout.first, into: &canvas) }
        if let answer, view.sampleStripRect(shared) != layout.second {
            shader.draw(answer.decoded, into: &canvas, rect: layout.second)
        }
        guard let third = layout.third else { return }
        if let drawing {
            if let shown = drawing.shown { shader.draw(shown, into: &canvas, rect: third) }
        } else if let answer,
            let difference = Difference(
                of: answer.decoded, from: answer.input, over: theme.profile.hasLightBackground ? 1 : 0)
        {
            shared.drawDifference(difference, into: &canvas, rect: third)
        }
    }

    private func drawPlane(into canvas: inout Canvas) {
        guard let rect = layout.plane, let side = layout.side else { return }
        let pane = PosteriorPane(view: view, shared: shared, rect: rect)
        pane.draw(into: &canvas)
        pane.drawLowerBorder(of: side, into: &canvas)
    }

    private func drawStrips(into canvas: inout Canvas) {
        let shader = shared.shader
        if let rect = view.nearestRect(shared),
            let picture = view.recognition.nearest.flatMap({ view.neighbors[$0.image] })
        {
            shader.draw(picture, into: &canvas, rect: rect)
        }
        if let strip = view.neighborStrip(shared) {
            for place in strip.places {
                guard let picture = view.neighbors[view.list.images[place.index]] else { continue }
                shader.draw(picture, into: &canvas, rect: place.rect)
            }
            if let tile = strip.places.first(where: { $0.index == view.place })?.rect {
                canvas.outline(tile.inset(by: -1), within: layout.main, theme: theme)
            }
        }
        guard let strip = view.sampleStrip(shared), let samples = view.samples, samples.subject == view.subject(shared)
        else {
            return
        }
        for place in strip.places where place.index < samples.pictures.count {
            shader.draw(samples.pictures[place.index], into: &canvas, rect: place.rect)
        }
    }
}

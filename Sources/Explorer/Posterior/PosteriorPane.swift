import Cells
import Latent

/// The pane of the Images view that shows where an image belongs on the plane.
struct PosteriorPane {
    let view: ImagesView
    let shared: Shared
    /// The inside of its frame.
    let rect: Rect

    private var type: Typography { shared.theme.typography }
    private var theme: Theme { shared.theme }

    func draw(into canvas: inout Canvas) {
        guard shared.explore.plane != nil else {
            canvas.write(["a plane takes two latents,", "this model has one"], centeredIn: rect, theme: theme)
            return
        }
        view.plane.draw(into: &canvas, rect: rect)
        let exact = view.exactPosterior(shared)
        if exact != nil { view.posterior.map.draw(into: &canvas, rect: rect) }
        drawAnswer(beside: exact, into: &canvas)
        if let inset = view.insetRect(in: rect, shared) { drawInset(inset, into: &canvas) }
    }

    /// The ellipse of the answer, the exact mode, and how far it is from one to the other.
    private func drawAnswer(beside exact: PlanePosterior?, into canvas: inout Canvas) {
        guard let answer = view.answer(shared) else { return }
        let overlay = PlaneOverlay(shared: shared, grid: view.lensGrid(in: rect, shared), rect: rect)
        if let deviations = answer.deviations {
            overlay.ellipse(mean: answer.mean, deviations: deviations, theme.accent, into: &canvas)
        }
        if let exact, overlay.position(of: exact.mode) != overlay.position(of: answer.mean) {
            overlay.draw(
                [PlaneOverlay.Line(points: [answer.mean, exact.mode], style: theme.strong, pattern: .solid)],
                into: &canvas)
        }
        overlay.mark(answer.mean, type.cross, theme.cursor, into: &canvas)
        if let exact { overlay.mark(exact.mode, type.modeMark, theme.mark, into: &canvas) }
    }

    /// The whole plane in small, with the part that the lens shows.
    private func drawInset(_ inset: Rect, into canvas: inout Canvas) {
        let isLeft = inset.column == rect.column
        let edge = isLeft ? inset.column + inset.columns : inset.column - 1
        canvas.fill(inset)
        view.inset.draw(into: &canvas, rect: inset)
        for row in inset.row..<inset.row + inset.rows { canvas[edge, row] = Cell(type.vertical, theme.frame) }
        for column in inset.column..<inset.column + inset.columns {
            canvas[column, inset.row + inset.rows] = Cell(type.horizontal, theme.frame)
        }
        canvas[edge, inset.row + inset.rows] = Cell(isLeft ? type.lowerRight : type.lowerLeft, theme.frame)
        let window = view.lensGrid(in: rect, shared)
        let overlay = PlaneOverlay(shared: shared, grid: shared.planeGrid(in: inset), rect: inset)
        overlay.show(window.horizontal, window.vertical, into: &canvas)
    }

    /// What stands in the pane's lower border: whose is what where that is not one and the same, and the scale.
    func drawLowerBorder(of side: Rect, into canvas: inout Canvas) {
        guard shared.explore.plane != nil else { return }
        let scale = view.lensScale(shared)
        let room = side.columns - scale.unicodeScalars.count - 7
        let legend = legends.first { $0.unicodeScalars.count <= room } ?? ""
        canvas.caption(row: side.row + side.rows - 1, side, title: legend, values: scale, theme: theme)
    }

    /// The longest first.
    private var legends: [String] {
        func owner(_ method: InferenceMethod) -> String { method == .encoder ? "encoder's" : method.rawValue }
        let ellipse = "ellipse: \(owner(view.inference))"
        guard let cloud = shared.cloud, cloud.count > 0, cloud.inference != view.inference else {
            return view.exactPosterior(shared) == nil ? [] : [ellipse]
        }
        let codes = "codes: \(owner(cloud.inference))"
        return ["\(ellipse), \(codes)", ellipse]
    }
}

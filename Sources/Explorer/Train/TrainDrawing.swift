import Cells
import Latent
import Pictures

/// The screen of a training.
struct TrainDrawing {
    let shared: Shared
    let run: TrainState
    let layout: TrainLayout

    var theme: Theme { shared.theme }
    var type: Typography { shared.theme.typography }

    func draw(into canvas: inout Canvas) {
        LossCharts(view: self).draw(into: &canvas)
        HealthPanel(view: self).draw(into: &canvas)
        if let plane = layout.plane { drawPlane(plane, into: &canvas) }
        drawManifold(into: &canvas)
        if let strip = layout.strip { drawStrip(strip, into: &canvas) }
        ProgressLines(view: self).draw(into: &canvas)
    }

    // MARK: Pictures

    private func drawManifold(into canvas: inout Canvas) {
        let moment = run.pictures.map(\.moment) ?? run.moment
        let axes = run.axes.prefix(shared.model.latentCount).map(type.latent).joined(separator: " ")
        canvas.frame(
            layout.manifold,
            title: shared.title("manifold", of: shared.explore.point) + (moment.map { ", \(cellText($0))" } ?? ""),
            values: shared.model.latentCount > 2 ? axes : "", theme: theme)
        guard let pictures = run.pictures, pictures.number == run.request?.number else {
            canvas.write(
                shared.awaited ?? [Shared.weightsAwaited], centeredIn: layout.manifold.inset(by: 1), theme: theme)
            return
        }
        copy(run.drawn.manifold, inside: layout.manifold, into: &canvas)
    }

    private func copy(_ drawn: Canvas, inside pane: Rect, into canvas: inout Canvas) {
        let inner = pane.inset(by: 1)
        if drawn.size == inner.size { canvas.copy(drawn, column: inner.column, row: inner.row) }
    }

    private func drawStrip(_ pane: Rect, into canvas: inout Canvas) {
        canvas.frame(pane, title: "validation images, reconstructed", theme: theme)
        if lacksImages { return canvas.write(Self.imagesWanted, centeredIn: pane.inset(by: 1), theme: theme) }
        copy(run.drawn.strip, inside: pane, into: &canvas)
    }

    private static let imagesWanted = ["no images: --data D", "brings them"]

    /// Whether images were asked for and the run has none, as one that is watched without a data set.
    private var lacksImages: Bool {
        guard let request = run.request, let pictures = run.pictures, pictures.number == request.number else {
            return false
        }
        return request.images > 0 && pictures.images.isEmpty
    }

    private func drawPlane(_ pane: Rect, into canvas: inout Canvas) {
        let grid = shared.planeGrid(in: pane.inset(by: 1))
        canvas.frame(
            pane, title: "codes",
            values: "\(type.latent(0)) \(type.range(grid.horizontal))", theme: theme)
        guard let cloud = shared.cloud, cloud.dimension >= 2 else {
            canvas.write(
                lacksImages ? Self.imagesWanted : ["no codes yet"], centeredIn: pane.inset(by: 1), theme: theme)
            return
        }
        run.plane.draw(into: &canvas, rect: pane.inset(by: 1))
    }
}

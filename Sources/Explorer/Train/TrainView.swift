import Cells
import Latent
import Pictures

/// A model while it learns: its curves, what it makes of the latent space, and how far it is.
struct TrainView: View {
    static let digit = 5
    static let title = "Train"
    static let bindings = TrainKeys.bindings
    static let initial = TrainState()

    let state: State
    let run: TrainState
    let layout: TrainLayout

    var theme: Theme { state.theme }
    var type: Typography { state.theme.typography }

    static func draw(_ state: State, into canvas: inout Canvas) {
        let run = state[TrainView.self]
        guard run.facts != nil else {
            let pane = Rect(column: 0, row: 1, columns: state.size.columns, rows: state.size.rows - 2)
            canvas.frame(pane, title: "training", theme: state.theme)
            canvas.write(
                ["nothing is trained here:", "latentwalk train --data mnist,", "or latentwalk watch RUN"],
                centeredIn: pane.inset(by: 1), theme: state.theme)
            return
        }
        TrainView(state: state, run: run, layout: state.trainLayout).draw(into: &canvas)
    }

    /// The class of the images.
    static func status(_ state: State) -> [Span] { state[Self.self].facts == nil ? [] : state.classStatus }

    /// The manifold of the moment.
    static func exhibit(_ state: State, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        let run = state[TrainView.self]
        guard let pictures = run.pictures, pictures.number == run.request?.number else {
            return .failure(Sentence("There is no manifold yet: it comes with a training's first weights."))
        }
        return state.sheetExhibit(of: pictures.tiles, columns: state.tileGrid.across, as: format)
    }

    private func draw(into canvas: inout Canvas) {
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
        let axes = run.axes.prefix(state.model.latentCount).map(type.latent).joined(separator: " ")
        canvas.frame(
            layout.manifold,
            title: state.title("manifold", of: state.explore.point) + (moment.map { ", \(cellText($0))" } ?? ""),
            values: state.model.latentCount > 2 ? axes : "", theme: theme)
        guard let pictures = run.pictures, pictures.number == run.request?.number else {
            canvas.write(["waiting for the first weights"], centeredIn: layout.manifold.inset(by: 1), theme: theme)
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
        let grid = state.planeGrid(in: pane.inset(by: 1))
        canvas.frame(
            pane, title: "codes",
            values: "\(type.latent(0)) \(type.range(grid.horizontal))", theme: theme)
        guard let cloud = state.cloud, cloud.dimension >= 2 else {
            canvas.write(
                lacksImages ? Self.imagesWanted : ["no codes yet"], centeredIn: pane.inset(by: 1), theme: theme)
            return
        }
        run.plane.draw(into: &canvas, rect: pane.inset(by: 1))
    }
}

extension State {
    var trainLayout: TrainLayout {
        TrainLayout(size: size, cellRatio: theme.profile.cellRatio, hasPlane: model.latentCount == 2)
    }

    /// Where the manifold's pictures are drawn.
    var tileGrid: TileGrid {
        .manifold(
            of: (model.width, model.height), in: trainLayout.manifold.inset(by: 1), cellRatio: theme.profile.cellRatio)
    }

    /// Where the fixed images are drawn, each above its reconstruction.
    func stripPlaces(_ pane: Rect) -> [(image: Rect, reconstruction: Rect)] {
        let inner = pane.inset(by: 1)
        let upper = Rect(column: inner.column, row: inner.row, columns: inner.columns, rows: inner.rows / 2)
        let lower = Rect(
            column: inner.column, row: inner.row + inner.rows / 2, columns: inner.columns, rows: inner.rows / 2)
        func places(_ rect: Rect) -> [Rect] {
            TileGrid(
                of: (model.width, model.height), in: rect, room: rect.size, cellRatio: theme.profile.cellRatio
            ).places
        }
        return Array(zip(places(upper), places(lower))).map { (image: $0, reconstruction: $1) }
    }
}

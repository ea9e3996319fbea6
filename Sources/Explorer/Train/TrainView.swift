import Cells
import Latent
import Pictures

/// A model while it learns: its curves, what it makes of the latent space, and how far it is.
struct TrainView: StaticView {
    static let card = ViewCard(digit: 5, title: "Train")
    static let bindings = TrainKeys.bindings
    static let initial = TrainState()

    static func draw(_ shared: Shared, into canvas: inout Canvas) {
        let run = shared[TrainView.self]
        guard run.facts != nil else {
            let pane = Rect(column: 0, row: 1, columns: shared.size.columns, rows: shared.size.rows - 2)
            canvas.frame(pane, title: "training", theme: shared.theme)
            canvas.write(
                (shared.offersTraining
                    ? ["enter trains a small model here on 5,000 digits, for about a minute, and shows how it learns", ""] : [])
                    + ["latentwalk train --data mnist trains on more,", "latentwalk watch RUN shows a run"],
                centeredIn: pane.inset(by: 1), theme: shared.theme)
            return
        }
        TrainDrawing(shared: shared, run: run, layout: shared.trainLayout).draw(into: &canvas)
    }

    /// The class of the images.
    static func status(_ shared: Shared) -> [Span] { shared[Self.self].facts == nil ? [] : shared.classStatus }

    /// The manifold of the moment.
    static func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        let run = shared[TrainView.self]
        guard let pictures = run.pictures, pictures.number == run.request?.number else {
            return .failure(Sentence("There is no manifold yet: it comes with a training's first weights."))
        }
        return shared.sheetExhibit(of: pictures.tiles, columns: shared.tileGrid.across, as: format)
    }
}

extension Shared {
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

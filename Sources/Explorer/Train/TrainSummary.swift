import Cells

/// What stays in the terminal when a training is through and its screen is gone.
public enum TrainSummary {
    /// Five lines, and the manifold as it was drawn last.
    public static func canvas(of state: State) -> Canvas {
        let shared = state.shared
        let run = shared[TrainView.self]
        let lines = lines(run, shared)
        let tiles = run.pictures.map { Array($0.tiles.prefix(shared.tileGrid.places.count)) } ?? []
        let grid = shared.tileGrid
        let places = Array(grid.places.prefix(tiles.count))
        let (top, bottom) = (places.map(\.row).min() ?? 0, places.map { $0.row + $0.rows }.max() ?? 0)
        let left = places.map(\.column).min() ?? 0
        var canvas = Canvas(Size(columns: max(20, shared.size.columns), rows: lines.count + bottom - top))
        for (number, line) in lines.enumerated() { canvas.write(line, column: 0, row: number) }
        let shader = shared.shader
        for (picture, place) in zip(tiles, places) {
            let rect = Rect(
                column: place.column - left, row: place.row - top + lines.count, columns: place.columns,
                rows: place.rows)
            shader.draw(picture, into: &canvas, rect: rect)
        }
        return canvas
    }

    /// Those that are done: `12 epochs`, `1.4 epochs`.
    private static func epochs(_ progress: RunProgress, _ type: Typography) -> String? {
        guard let epoch = progress.epoch else { return nil }
        let done = Double(epoch - 1) + (progress.epochShare ?? 1)
        guard let whole = Int(exactly: done) else { return "\(type.plain(Float(done), digits: 1)) epochs" }
        return "\(whole) \(whole == 1 ? "epoch" : "epochs")"
    }

    private static func lines(_ run: TrainState, _ shared: Shared) -> [[Span]] {
        let (type, theme) = (shared.theme.typography, shared.theme)
        let progress = run.progress
        func number(_ value: Double?) -> String { value.map { type.plain(Float($0), digits: 2) } ?? "not measured" }
        let how =
            switch run.phase {
            case .finished(let words): words
            case .failed(let sentence): sentence
            case .running, .paused, .stopping, .evaluating: "left"
            }
        let best = progress.bestEpoch.map { " at epoch \($0)" } ?? ""
        let parts = [
            "train \(number(run.histories[.trainNegativeELBO]?.newest))",
            "validation \(number(run.histories[.validationNegativeELBO]?.newest))",
        ].joined(separator: ", ")
        let time = [
            epochs(progress, type), progress.elapsed.map(type.clock),
            progress.imagesPerSecond.map { "\(type.count(Int($0))) images/s" },
        ].compactMap { $0 }.joined(separator: ", ")
        let health = RunHealth(run, typography: type)
        let active = health.active.map { "\($0.count) of \($0.of) latents active" }
        let latents = run.divergences.prefix(8).enumerated()
            .map { "\(type.latent($0.offset)) \(type.unsigned(Float($0.element), digits: 2))" }.joined(separator: ", ")
        return [
            [Span("\(cellText(run.facts?.name ?? "")): ", theme.strong), Span(cellText(how))],
            [Span("best \(type.minus)ELBO \(number(progress.best)) nats/image\(best)")],
            [Span("newest: \(parts)")],
            [Span(time)],
            [Span([active, latents.isEmpty ? nil : "KL \(latents)"].compactMap { $0 }.joined(separator: "; "))],
        ]
    }
}

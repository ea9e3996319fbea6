import Cells

/// The curves: the losses in one chart, their two parts in another where there is room.
struct LossCharts {
    let view: TrainDrawing

    private var run: TrainState { view.run }
    private var theme: Theme { view.theme }
    private var type: Typography { view.type }

    func draw(into canvas: inout Canvas) {
        let unit = run.facts?.unit == .natsPerImage || run.isRescaled ? "nats/image" : "as logged"
        canvas.frame(view.layout.loss, title: "loss (\(unit))", values: caption, theme: theme)
        canvas.divider(row: view.layout.health.row - 1, of: view.layout.loss, title: Self.healthTitle, theme: theme)
        if let scale = run.scales.loss {
            chart(lossCurves(scale), left: scale).draw(into: &canvas, pane: axisPane, rect: view.layout.chart)
        } else {
            canvas.write(["waiting for the first measurement"], centeredIn: view.layout.chart, theme: theme)
        }
        if let parts = view.layout.parts { drawParts(parts, into: &canvas) }
    }

    private static let healthTitle = "health"

    /// The divider of the health is the lower border of the chart; what its title leaves is the horizontal axis's.
    private var axisPane: Rect {
        let loss = view.layout.loss
        let title = Self.healthTitle.count + 2
        return Rect(
            column: loss.column + title, row: loss.row, columns: loss.columns - title,
            rows: view.layout.health.row - loss.row)
    }

    private func drawParts(_ pane: Rect, into canvas: inout Canvas) {
        canvas.frame(pane, title: "reconstruction, KL", theme: theme)
        guard let left = run.scales.reconstruction else {
            let isWaiting = run.scales.loss == nil
            canvas.write(
                [isWaiting ? "waiting for the first measurement" : "not logged"], centeredIn: pane.inset(by: 1),
                theme: theme)
            return
        }
        let right = run.scales.kl
        var curves = [
            (curve(.trainReconstruction, "reconstruction", left), theme.curve(.trainReconstruction))
        ]
        if let right { curves.append((curve(.trainKL, "KL", right, isDashed: true), theme.curve(.trainKL))) }
        var chart = chart(curves, left: left)
        chart.right = right
        chart.draw(into: &canvas, pane: pane, rect: pane.inset(by: 1))
    }

    /// What the chart shows otherwise than at first, and the parts where they have no chart.
    private var caption: String {
        var words: [String] = []
        if view.layout.parts == nil, let reconstruction = run.histories[.trainReconstruction]?.newest,
            let kl = run.histories[.trainKL]?.newest
        {
            let digits = view.layout.loss.columns >= 48 ? 1 : 0
            words.append(
                type.unsigned(Float(reconstruction * run.factor), digits: digits) + " + KL "
                    + type.unsigned(Float(kl * run.factor), digits: digits))
        }
        if run.isLogarithmic { words.append("log") }
        if run.smoothing != .none { words.append("smoothed") }
        if run.zoom != .whole { words.append("last part") }
        if run.isRescaled { words.append("\(type.times)\(run.facts?.valuesPerImage ?? 1)") }
        return words.joined(separator: "  ")
    }

    private func lossCurves(_ scale: ChartScale) -> [(curve: Curve, style: Style)] {
        let names: [RunQuantity: String] = [
            .validationNegativeELBO: "validation", .trainNegativeELBO: "train", .objective: "objective",
        ]
        var curves = run.lossQuantities.filter { run.histories[$0]?.isEmpty == false }.map { quantity in
            (
                curve: curve(quantity, names[quantity] ?? "", scale, isDashed: quantity == .objective),
                style: theme.curve(quantity)
            )
        }
        if let beta = betaScale {
            curves.append((curve(.beta, "\(type.beta)", beta, isDashed: true), theme.curve(.beta)))
        }
        return curves
    }

    /// β has a line of its own where it is not 1 all the time: from the bottom of the chart, at 0, to two thirds of it.
    private var betaScale: ChartScale? {
        guard let history = run.histories[.beta], let high = history.groups.map(\.greatest).max(),
            let low = history.groups.map(\.least).min(), low != 1 || high != 1
        else { return nil }
        return ChartScale(0...max(high, 1e-3) * 1.5)
    }

    private func curve(
        _ quantity: RunQuantity, _ name: String, _ scale: ChartScale, isDashed: Bool = false
    ) -> Curve {
        let isLoss = quantity != .beta
        let history = (run.histories[quantity] ?? History()).multiplied(by: isLoss ? run.factor : 1)
        // As many digits as the height of the axis tells apart.
        let extent = scale.range.upperBound - scale.range.lowerBound
        let digits = max(1, min(4, Typography.digits(for: Float(extent / 60))))
        let newest = history.newest.map { type.plain(Float($0), digits: digits) } ?? ""
        return Curve(name: name, history: history, scale: scale, isDashed: isDashed, newest: newest)
    }

    private func chart(_ curves: [(curve: Curve, style: Style)], left: ChartScale) -> Chart {
        Chart(
            curves: curves, span: run.span, left: left, decay: run.smoothing.decay,
            glyphs: theme.dotGlyphs, theme: theme)
    }
}

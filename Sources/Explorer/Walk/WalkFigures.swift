import Cells

/// The figures of a walk: how long the paths are, and how much changes from frame to frame.
struct WalkFigures {
    let view: WalkView
    let shared: Shared

    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }
    /// The path whose frames are seen.
    private var shown: WalkPathKind { view.shownPath?.kind ?? view.kind }

    private func style(_ kind: WalkPathKind) -> Style { theme.path(kind, isSeen: kind == shown) }

    // MARK: Lengths

    private var lengths: [Double] { view.walk?.paths.values.compactMap(\.length) ?? [] }
    private var longest: Double { lengths.max() ?? 0 }
    /// Whether there is no way to go: what would be measured is rounding.
    private var isOnePoint: Bool { view.walk.map { $0.order.start == $0.order.end } ?? false }

    /// A path's length, or why there is none yet, in so many cells.
    func lengthText(_ kind: WalkPathKind, room: Int) -> String {
        guard let walk = view.walk else { return "" }
        guard !isOnePoint else { return ["same point", "same"].first { $0.count <= room } ?? "" }
        if let length = walk.paths[kind]?.length { return number(length) }
        if walk.order.start.label != walk.order.end.label {
            return ["class changes", "none"].first { $0.count <= room } ?? ""
        }
        guard kind == .geodesic else { return "" }
        let share = "\(Int(walk.searched * 100)) %"
        let words =
            walk.hasNoGeodesic
            ? ["not for this model", "none"]
            : ["searching\(type.ellipsis) \(share)", "\(share) \(type.ellipsis)"]
        return words.first { $0.unicodeScalars.count <= room } ?? ""
    }

    private func number(_ length: Double) -> String {
        // Up to four digits and the point; of the shortest that would be shown as nothing two that count.
        let shortest = Float(lengths.filter { $0 > 0 }.min() ?? 1)
        return type.unsigned(
            Float(length),
            digits: shortest < 0.05 ? Typography.digits(for: shortest) + 1 : longest < 999.95 ? 1 : 0)
    }

    private static let nameColumns = 10
    private var numberColumns: Int { max(5, lengths.map { number($0).count }.max() ?? 0) }

    /// What the lengths are in, and what they are measured by, in so many cells.
    func tableCaption(room: Int) -> (title: String, values: String) {
        let metric = view.metric(shared)
        let forms = [
            ("length in \(metric.unit)", "by \(metric.rawValue)"), ("length in \(metric.unit)", metric.rawValue),
            (metric.unit, metric.rawValue), (metric.shortUnit, metric.rawValue),
        ]
        return forms.first { $0.0.count + $0.1.count + 5 <= room } ?? (metric.shortUnit, "")
    }

    /// - Parameter isTitled: whether something above it says what the lengths are in; else the first row does.
    func drawTable(in rect: Rect, isTitled: Bool, into canvas: inout Canvas) {
        guard !isOnePoint else {
            canvas.write(["both ends are the same point: f and g choose others"], centeredIn: rect, theme: theme)
            return
        }
        var rect = rect
        if !isTitled {
            let title = tableCaption(room: rect.columns).title
            canvas.write(title, column: rect.column + 1, row: rect.row, style: theme.faint, width: rect.columns - 1)
            rect.row += 1
        }
        let numberColumns = numberColumns
        for (row, kind) in WalkPathKind.allCases.enumerated() {
            let column = rect.column + 1
            if kind == shown { canvas[rect.column, rect.row + row] = Cell(">", theme.accent) }
            canvas.write(kind.rawValue, column: column, row: rect.row + row, style: style(kind))
            let start = column + Self.nameColumns
            guard let length = view.walk?.paths[kind]?.length else {
                let room = rect.columns - 1 - Self.nameColumns
                canvas.write(lengthText(kind, room: room), column: start, row: rect.row + row, style: theme.faint)
                continue
            }
            let text = number(length)
            canvas.write(
                text, column: start + max(0, numberColumns - text.count), row: rect.row + row,
                style: kind == shown ? theme.strong : theme.text)
            let width = rect.columns - 3 - Self.nameColumns - numberColumns
            guard width >= 3, longest > 0 else { continue }
            canvas.draw(
                kind, isSeen: kind == shown, column: start + numberColumns + 1, row: rect.row + row,
                width: max(1, Int((Double(width) * length / longest).rounded())), theme: theme)
        }
    }

    // MARK: Change per step

    func drawChart(in rect: Rect, into canvas: inout Canvas) {
        guard let walk = view.walk, !walk.paths.isEmpty, !isOnePoint else { return }
        let kinds = [shown] + WalkPathKind.allCases.filter { $0 != shown }
        let paths = kinds.compactMap { walk.paths[$0] }
        guard let scale = ChartScale(showing: paths.flatMap(\.steps) + [0], isLogarithmic: false) else { return }
        let most = Float(scale.range.upperBound)
        let top = type.plain(most, digits: Typography.digits(for: most / 10))
        let margin = top.unicodeScalars.count + 1
        let names = names(of: paths, scale, room: rect.columns - margin - 2)
        let isLabelled = rect.rows > Self.leastPlotRows
        let plot = Rect(
            column: rect.column + margin + 1, row: rect.row, columns: rect.columns - margin - 2 - names.columns,
            rows: isLabelled ? rect.rows - 1 : rect.rows)
        var grid = DotGrid(plot.size, glyphs: theme.dotGlyphs)
        for (rank, path) in paths.enumerated() {
            let spots = path.steps.indices.filter { path.steps[$0].isFinite }.map { step in
                SIMD2(
                    Float(place(of: step, in: path)) * Float(grid.columns),
                    Float(1 - scale.height(of: path.steps[step])) * Float(grid.rows - 1))
            }
            grid.draw(through: spots, path.kind.pattern, rank: UInt8(rank))
        }
        grid.draw(into: &canvas, column: plot.column, row: plot.row, styles: paths.map { style($0.kind) })
        names.draw(beside: plot, into: &canvas)
        drawAxis(top, beside: plot, into: &canvas)
        if isLabelled { drawTimes(under: plot, into: &canvas) }
        drawPresent(scale, plot, into: &canvas)
    }

    /// Where a step lies across the chart, 0…1: in the middle of its share.
    private func place(of step: Int, in path: WalkPath) -> Double {
        (Double(step) + 0.5) / Double(max(1, path.steps.count))
    }

    /// Each path's name at its curve's end, where that leaves enough of the chart.
    private func names(of paths: [WalkPath], _ scale: ChartScale, room: Int) -> CurveNames {
        let names = CurveNames(
            paths.map { path in
                let height = path.steps.last.map(scale.height) ?? 0
                return .init(text: path.kind.rawValue, style: style(path.kind), height: max(0, min(1, height)))
            })
        return room - names.columns >= Self.leastPlotColumns ? names : CurveNames([])
    }

    private static let leastPlotColumns = 12
    private static let leastPlotRows = 3

    private func drawAxis(_ top: String, beside plot: Rect, into canvas: inout Canvas) {
        let (column, last) = (plot.column - 1, plot.row + plot.rows - 1)
        for row in plot.row...last { canvas[column, row] = Cell(type.vertical, theme.frame) }
        canvas.write([Span(top, theme.faint)], endingAt: column, from: 0, row: plot.row)
        canvas.write([Span("0", theme.faint)], endingAt: column, from: 0, row: last)
    }

    /// What lies across: how far along the path, from the first step to the last.
    private func drawTimes(under plot: Rect, into canvas: inout Canvas) {
        let (row, end) = (plot.row + plot.rows, plot.column + plot.columns)
        canvas.write("t 0", column: plot.column, row: row, style: theme.faint)
        canvas.write([Span("1", theme.faint)], endingAt: end, from: plot.column + 4, row: row)
    }

    /// The step that led to the frame that is seen.
    private func drawPresent(_ scale: ChartScale, _ plot: Rect, into canvas: inout Canvas) {
        guard let path = view.shownPath else { return }
        let step = view.frame(of: path) - 1
        guard path.steps.indices.contains(step) else { return }
        let column = Int(place(of: step, in: path) * Double(plot.columns))
        let row = Int((1 - scale.height(of: path.steps[step])) * Double(plot.rows))
        canvas[plot.column + min(plot.columns - 1, column), plot.row + max(0, min(plot.rows - 1, row))] = Cell(
            type.trailDot, theme.path(path.kind, isSeen: true))
    }
}

extension WalkMetric {
    /// What its lengths are in: distances of images with pixels in 0…1; the same, longer where the data are thin; standard
    /// deviations of what the likelihood draws.
    var unit: String {
        switch self {
        case .plain: "px-units"
        case .fisher: "sd-units"
        case .density: "weighted px-units"
        }
    }

    var shortUnit: String { self == .density ? "weighted px" : unit }
}

import Cells

/// The figures of a walk: how long the paths are, and how much changes from frame to frame.
struct WalkFigures {
    let shared: Shared

    private var own: WalkState { shared[WalkView.self] }
    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }
    /// The path whose frames are seen.
    private var shown: WalkPathKind { shared.shownWalkPath?.kind ?? own.kind }

    private func style(_ kind: WalkPathKind) -> Style {
        if kind == shown { return theme.accent }
        return kind == .spherical ? theme.faint : theme.text
    }

    // MARK: Lengths

    private var lengths: [Double] { own.walk?.paths.values.compactMap(\.length) ?? [] }
    private var longest: Double { lengths.max() ?? 0 }
    /// Whether there is no way to go: what would be measured is rounding.
    private var isOnePoint: Bool { own.walk.map { $0.order.start == $0.order.end } ?? false }

    /// A path's length, or why there is none yet, in so many cells.
    func lengthText(_ kind: WalkPathKind, room: Int) -> String {
        guard let walk = own.walk else { return "" }
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
        let metric = shared.walkMetric
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
            canvas.write(kind.rawValue, column: column, row: rect.row + row, style: style(kind))
            let start = column + Self.nameColumns
            guard let length = own.walk?.paths[kind]?.length else {
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
            canvas.write(
                type.bar(Float(length / longest), width: width), column: start + numberColumns + 1,
                row: rect.row + row, style: style(kind))
        }
    }

    // MARK: Change per step

    func drawChart(in rect: Rect, into canvas: inout Canvas) {
        guard let walk = own.walk, !walk.paths.isEmpty, !isOnePoint else { return }
        let kinds = [shown] + WalkPathKind.allCases.filter { $0 != shown }
        let paths = kinds.compactMap { walk.paths[$0] }
        guard let scale = ChartScale(showing: paths.flatMap(\.steps) + [0], isLogarithmic: false) else { return }
        let most = Float(scale.range.upperBound)
        let top = type.plain(most, digits: Typography.digits(for: most / 10))
        let margin = top.unicodeScalars.count + 1
        let isLabelled = rect.rows > Self.leastPlotRows
        let plot = Rect(
            column: rect.column + margin + 1, row: rect.row, columns: rect.columns - margin - 2,
            rows: isLabelled ? rect.rows - 1 : rect.rows)
        let count = max(2, shared.walkFrameCount)
        let span = ChartSpan(to: Double(count), total: Double(count), unit: 1, unitName: "step")
        var grid = DotGrid(plot.size, glyphs: theme.dotGlyphs)
        for (rank, path) in paths.enumerated() {
            var history = History()
            for (step, change) in path.steps.enumerated() { history.append(change, at: Double(step) + 1) }
            let curve = Curve(name: path.kind.rawValue, history: history, scale: scale)
            curve.draw(into: &grid, span: span, decay: nil, rank: UInt8(rank), extremesRank: UInt8(rank))
        }
        grid.draw(into: &canvas, column: plot.column, row: plot.row, styles: paths.map { style($0.kind) })
        drawAxis(top, beside: plot, into: &canvas)
        if isLabelled { drawTimes(under: plot, into: &canvas) }
        drawPresent(scale, span, plot, into: &canvas)
    }

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
    private func drawPresent(_ scale: ChartScale, _ span: ChartSpan, _ plot: Rect, into canvas: inout Canvas) {
        guard let path = shared.shownWalkPath else { return }
        let step = shared.walkFrame(of: path) - 1
        guard path.steps.indices.contains(step) else { return }
        let column = Int(span.place(of: Double(step) + 1) * Double(plot.columns))
        let row = Int((1 - scale.height(of: path.steps[step])) * Double(plot.rows))
        canvas[plot.column + min(plot.columns - 1, column), plot.row + max(0, min(plot.rows - 1, row))] = Cell(
            type.trailDot, theme.accent)
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

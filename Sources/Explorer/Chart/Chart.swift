import Cells

/// Curves over a run, with their axes: a pure picture of measurements.
///
/// The axes stand still: the horizontal one doubles its span when it is full, the vertical ones are given and grow by
/// round steps; so a new measurement changes the cells at its own column and nothing else.
struct Chart {
    /// In the order of their rank: the first gives a cell its color before all others.
    let curves: [(curve: Curve, style: Style)]
    let span: ChartSpan
    /// The scale whose numbers stand at the left, and the one at the right.
    let left: ChartScale
    var right: ChartScale?
    /// Decay of the smoothing; nil for none.
    var decay: Double?
    let glyphs: DotGlyphs
    let theme: Theme

    private var type: Typography { theme.typography }

    /// Draws within a frame, whose lower border takes the numbers of the horizontal axis.
    ///
    /// - Parameter pane: the frame with its border.
    func draw(into canvas: inout Canvas, pane: Rect, rect: Rect) {
        let leftLabels = labels(of: left, rows: rect.rows)
        let rightLabels = right.map { labels(of: $0, rows: rect.rows) } ?? []
        let leftWidth = width(of: leftLabels) + 1
        let rightWidth = rightLabels.isEmpty ? 0 : width(of: rightLabels) + 1
        let names = names(room: rect.columns - leftWidth - rightWidth)
        let plot = Rect(
            column: rect.column + leftWidth, row: rect.row,
            columns: rect.columns - leftWidth - rightWidth - names.columns, rows: rect.rows)
        guard plot.columns >= 4, plot.rows >= 2 else { return }
        drawAxis(leftLabels, ending: plot.column - 1, tee: type.rightTee, rect, into: &canvas)
        drawRightAxis(rightLabels, column: rect.column + rect.columns - rightWidth, rect, into: &canvas)
        drawHorizontalAxis(plot, pane, into: &canvas)
        drawCurves(plot, into: &canvas)
        names.draw(beside: plot, into: &canvas)
    }

    private func drawCurves(_ plot: Rect, into canvas: inout Canvas) {
        var grid = DotGrid(plot.size, glyphs: glyphs)
        let count = UInt8(clamping: curves.count)
        for (number, entry) in curves.enumerated() {
            let rank = UInt8(clamping: number)
            entry.curve.draw(into: &grid, span: span, decay: decay, rank: rank, extremesRank: count + rank)
        }
        grid.draw(
            into: &canvas, column: plot.column, row: plot.row,
            styles: curves.map(\.style) + curves.map { Style($0.style.foreground, on: .standard, .dim) })
    }

    // MARK: Vertical axes

    private struct Label {
        let row: Int
        let text: String
    }

    private func width(of labels: [Label]) -> Int { labels.map { $0.text.unicodeScalars.count }.max() ?? 0 }

    private func labels(of scale: ChartScale, rows: Int) -> [Label] {
        let ticks = scale.ticks(most: max(2, rows / 2))
        let least = zip(ticks, ticks.dropFirst()).map { $1 - $0 }.min() ?? abs(ticks.first ?? 1)
        let digits = Typography.digits(for: Float(least))
        return ticks.map { tick in
            Label(
                row: Int(((1 - scale.height(of: tick)) * Double(rows - 1)).rounded()),
                text: type.plain(Float(tick), digits: digits))
        }.filter { (0..<rows).contains($0.row) }
    }

    private func drawAxis(
        _ labels: [Label], ending column: Int, tee: Unicode.Scalar, _ rect: Rect, into canvas: inout Canvas
    ) {
        for row in rect.row..<rect.row + rect.rows { canvas[column, row] = Cell(type.vertical, theme.frame) }
        for label in labels {
            canvas[column, rect.row + label.row] = Cell(tee, theme.frame)
            canvas.write(
                [Span(label.text, theme.faint)], endingAt: column, from: rect.column, row: rect.row + label.row)
        }
    }

    private func drawRightAxis(_ labels: [Label], column: Int, _ rect: Rect, into canvas: inout Canvas) {
        guard !labels.isEmpty else { return }
        for row in rect.row..<rect.row + rect.rows { canvas[column, row] = Cell(type.vertical, theme.frame) }
        for label in labels {
            canvas[column, rect.row + label.row] = Cell(type.leftTee, theme.frame)
            canvas.write(label.text, column: column + 1, row: rect.row + label.row, style: theme.faint)
        }
    }

    // MARK: The horizontal axis

    private func drawHorizontalAxis(_ plot: Rect, _ pane: Rect, into canvas: inout Canvas) {
        let row = pane.row + pane.rows - 1
        let end = pane.column + pane.columns - 1
        let unitStart = canvas.write(
            [Span(" \(span.unitName) ", theme.faint)], endingAt: end, from: pane.column + 1, row: row)
        let ticks = span.ticks(most: max(2, plot.columns / 8))
        let digits = Typography.digits(for: ticks.count > 1 ? Float(ticks[1].label - ticks[0].label) : 1)
        var free = pane.column + 1
        for tick in ticks {
            let text = " " + type.plain(Float(tick.label), digits: digits) + " "
            let width = text.unicodeScalars.count
            let column = plot.column + Int(span.place(of: tick.position) * Double(plot.columns)) - width / 2
            guard column >= free, column + width <= unitStart else { continue }
            free = canvas.write(text, column: column, row: row, style: theme.faint) + 1
        }
    }

    // MARK: Names

    /// Each curve's name with its newest value, the name alone where that takes too much, nothing where even that does.
    private func names(room: Int) -> CurveNames {
        let ended = curves.filter { $0.curve.isDrawn(in: span) }
        let full = ended.map { $0.curve.newest.isEmpty ? $0.curve.name : "\($0.curve.name) \($0.curve.newest)" }
        func fits(_ texts: [String]) -> Bool { (texts.map { $0.unicodeScalars.count }.max() ?? 0) * 7 / 2 <= room }
        let short = ended.map(\.curve.name)
        let texts = fits(full) ? full : fits(short) ? short : []
        return CurveNames(
            zip(ended, texts).map { entry, text in
                let height = entry.curve.history.newest.map(entry.curve.scale.height) ?? 0
                return CurveNames.Name(text: text, style: entry.style, height: max(0, min(1, height)))
            })
    }
}

extension Theme {
    /// What curves are drawn with here, however pictures are shaded. Braille is in nearly every terminal's fonts, if not
    /// in its main one; a line does not suffer from that as a picture does.
    var dotGlyphs: DotGlyphs { profile.glyphs >= .blocks ? .braille : .ascii }
}

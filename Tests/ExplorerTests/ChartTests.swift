import Cells
import Testing

@testable import Explorer

@Suite("Charts")
struct ChartTests {
    /// Losses of a run: they fall fast, then slowly, with a little noise that is no chance.
    static func losses(count: Int, level: Double, from top: Double = 400, spikeAt: Int? = nil) -> History {
        var history = History()
        for step in 1...count {
            let noise = Double((step * 7919) % 97) / 97 - 0.5
            let value = level + (top - level) / (1 + Double(step) / 12) + 4 * noise
            history.append(step == spikeAt ? 300 : value, at: Double(step))
        }
        return history
    }

    static func chart(
        theme: Theme = Theme(profile: .plain, borders: .line), glyphs: DotGlyphs = .braille, count: Int = 600,
        decay: Double? = nil, isLogarithmic: Bool = false, zoom: ChartSpan.Zoom = .whole
    ) -> Chart {
        let train = losses(count: count, level: 135)
        var validation = History()
        for epoch in 1...6 { validation.append(138 + 40 / Double(epoch), at: Double(epoch * 100)) }
        var kl = History()
        for step in 1...count { kl.append(7 * (1 - 1 / (1 + Double(step) / 30)), at: Double(step)) }
        let scale = ChartScale(120...240, isLogarithmic: isLogarithmic)
        let right = ChartScale(0...8)
        return Chart(
            curves: [
                (Curve(name: "validation", history: validation, scale: scale, newest: "144.7"), theme.strong),
                (Curve(name: "train", history: train, scale: scale, newest: "141.2"), theme.text),
                (Curve(name: "KL", history: kl, scale: right, isDashed: true, newest: "6.7"), theme.faint),
            ],
            span: ChartSpan(to: Double(count), total: 800, unit: 100, unitName: "epochs", zoom: zoom), left: scale,
            right: right, decay: decay, glyphs: glyphs, theme: theme)
    }

    static func canvas(_ chart: Chart, columns: Int = 80, rows: Int = 18) -> Canvas {
        var canvas = Canvas(Size(columns: columns, rows: rows))
        let pane = Rect(canvas.size)
        canvas.frame(pane, title: "loss", theme: chart.theme)
        chart.draw(into: &canvas, pane: pane, rect: pane.inset(by: 1))
        return canvas
    }

    @Test("Curves in braille, with round ticks and their names at the right")
    func braille() throws { try expect(Self.canvas(Self.chart()), matches: "chart-braille") }

    @Test("A logarithmic axis")
    func logarithmic() throws { try expect(Self.canvas(Self.chart(isLogarithmic: true)), matches: "chart-logarithmic") }

    @Test("ASCII: halves by points, and a star where curves meet")
    func ascii() throws {
        let theme = Theme(profile: .ascii, borders: .ascii)
        try expect(Self.canvas(Self.chart(theme: theme, glyphs: .ascii)), matches: "chart-ascii")
    }

    @Test("Zoomed, the last part fills the width")
    func zoomed() throws { try expect(Self.canvas(Self.chart(zoom: .quarter)), matches: "chart-zoomed") }

    @Test("Zoomed, a curve of which no point is shown has no name")
    func names() {
        // Of 680 steps the last tenth is shown; the newest validation is of step 600.
        let text = Self.canvas(Self.chart(count: 680, zoom: ChartSpan.Zoom.allCases.last ?? .whole)).text
        #expect(text.contains("train") && !text.contains("validation"))
        #expect(Self.canvas(Self.chart(count: 680)).text.contains("validation"))
    }

    @Test("Smoothing leaves a dot at each extreme")
    func smoothing() throws { try expect(Self.canvas(Self.chart(decay: 0.95)), matches: "chart-smoothed") }

    @Test("A narrow chart leaves out values, then names")
    func narrow() throws {
        try expect(Self.canvas(Self.chart(), columns: 50, rows: 12), matches: "chart-50x12")
        try expect(Self.canvas(Self.chart(), columns: 34, rows: 8), matches: "chart-34x8")
    }

    @Test("A new measurement changes a few cells, as long as the axis is not full")
    func stillness() {
        let before = Self.canvas(Self.chart(count: 500))
        let after = Self.canvas(Self.chart(count: 501))
        let changed = zip(before.cells, after.cells).filter { $0 != $1 }.count
        #expect(changed <= 6)
    }

    @Test("A spike of one measurement among many thousands is still drawn")
    func spike() {
        let theme = Theme(profile: .plain, borders: .line)
        let scale = ChartScale(100...320)
        func text(spikeAt: Int?, decay: Double?) -> [String] {
            let history = Self.losses(count: 50_000, level: 135, spikeAt: spikeAt)
            let chart = Chart(
                curves: [(Curve(name: "", history: history, scale: scale), .plain)],
                span: ChartSpan(to: 50_000, unit: 1000, unitName: "epochs"), left: scale, decay: decay,
                glyphs: .braille,
                theme: theme)
            return Self.canvas(chart).text.split(separator: "\n").map(String.init)
        }
        for decay in [nil, 0.99] {
            #expect(text(spikeAt: 30_000, decay: decay)[2] != text(spikeAt: nil, decay: decay)[2])
        }
    }

    @Test("The color of a cell where curves meet is that of the first, in whatever order they are drawn")
    func priority() {
        for order in [[0, 1], [1, 0]] {
            var grid = DotGrid(Size(columns: 1, rows: 1), glyphs: .braille)
            for rank in order { grid.set(column: rank, row: rank, rank: UInt8(rank)) }
            var canvas = Canvas(Size(columns: 1, rows: 1))
            grid.draw(into: &canvas, column: 0, row: 0, styles: [.bold, .dim])
            #expect(canvas[0, 0] == Cell("⠑", .bold))
        }
    }
}

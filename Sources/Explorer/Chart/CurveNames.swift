import Cells

/// The names of curves at the right of their ends.
struct CurveNames {
    /// What stands at the end of a curve.
    struct Name {
        let text: String
        let style: Style
        /// Of the curve's end: 0 at the bottom of the plot, 1 at its top.
        let height: Double
    }

    private let names: [Name]

    init(_ names: [Name]) { self.names = names }

    /// What they take of a plot's columns.
    var columns: Int { names.map { $0.text.unicodeScalars.count + 1 }.max() ?? 0 }

    /// At the right of the curves' ends, moved apart where they would cover each other.
    ///
    /// - Parameter plot: where the curves are drawn.
    func draw(beside plot: Rect, into canvas: inout Canvas) {
        let sorted = names.sorted { $0.height > $1.height }.prefix(plot.rows)
        var rows = sorted.map { Int(((1 - $0.height) * Double(plot.rows - 1)).rounded()) }
        for index in rows.indices.dropFirst() { rows[index] = max(rows[index], rows[index - 1] + 1) }
        var limit = plot.rows - 1
        for index in rows.indices.reversed() {
            rows[index] = min(rows[index], limit)
            limit = rows[index] - 1
        }
        for (name, row) in zip(sorted, rows) {
            canvas.write(name.text, column: plot.column + plot.columns + 1, row: plot.row + row, style: name.style)
        }
    }
}

import Cells

/// What newcomers need first, over the lower edge of the picture until the first key.
struct FirstHint {
    let shared: Shared

    private var entries: [String] {
        ["arrows move", "2 all pictures", "3 walk"] + (shared.model.hasEncoder ? ["4 draw one yourself"] : [])
            + ["? keys", "q leave"]
    }

    /// - Parameters:
    ///   - pane: with its frame.
    ///   - picture: within it.
    func draw(into canvas: inout Canvas, pane: Rect, _ picture: Rect) {
        let separator = " \(shared.theme.typography.dot) "
        let lines = entries.reduce(into: [String]()) { lines, entry in
            let longer = (lines.last ?? "") + separator + entry
            if lines.isEmpty || longer.unicodeScalars.count > pane.columns - 2 {
                lines.append(entry)
            } else {
                lines[lines.count - 1] = longer
            }
        }
        let bottom = picture.row + picture.rows
        for (number, line) in lines.enumerated() {
            let row = bottom - lines.count + number
            guard row > pane.row else { continue }
            canvas.fill(Rect(column: pane.column + 1, row: row, columns: pane.columns - 2, rows: 1))
            canvas.write(
                line, column: pane.column + max(1, (pane.columns - line.unicodeScalars.count) / 2), row: row,
                style: shared.theme.text, width: pane.columns - 2)
        }
    }
}

import Cells

/// How well the run is: a sentence when something is wrong, the KL of each latent as bars, active units.
struct HealthPanel {
    let view: TrainDrawing

    private var theme: Theme { view.theme }
    private var type: Typography { view.type }

    func draw(into canvas: inout Canvas) {
        let rect = view.layout.health
        let health = RunHealth(view.run, typography: type)
        let bars = bars(width: rect.columns - 2, active: health.active)
        var lines: [[Span]] = []
        if let sentence = health.sentence {
            let words = wrapped(cellText(sentence), to: rect.columns - 2)
            let room = rect.rows > 1 && words.count == 1 ? 1 : rect.rows
            lines += words.prefix(room).enumerated().map { number, line in
                let isCut = number == room - 1 && words.count > room
                return [
                    Span(isCut ? Screen.cut(line + " " + words[room], to: rect.columns - 2, theme) : line, theme.error)
                ]
            }
        }
        if lines.count < rect.rows { lines.insert(bars, at: 0) }
        if lines.count < rect.rows, let remark = health.remark {
            lines.append([Span(Screen.cut(remark, to: rect.columns - 2, theme), theme.faint)])
        }
        for (number, line) in lines.enumerated() {
            canvas.write(line, column: rect.column + 1, row: rect.row + number, width: rect.columns - 2)
        }
    }

    /// With room a bar and a number for each latent, else a column of a cell's height for each.
    private func bars(width: Int, active: (count: Int, of: Int)?) -> [Span] {
        let divergences = view.run.divergences
        guard !divergences.isEmpty else { return [Span("KL of each latent: not known yet", theme.faint)] }
        let end = active.map { "  \($0.count)/\($0.of) active" } ?? ""
        let room = width - end.count - 3
        let slot = room / divergences.count
        var spans = [Span("KL ", theme.faint)]
        let greatest = max(divergences.max() ?? 0, 1e-9)
        if slot >= Self.leastSlot {
            let barWidth = min(Self.longestBar, slot - 10)
            for (latent, value) in divergences.enumerated() {
                let bar = type.bar(Float(value / greatest), width: barWidth)
                let number = type.unsigned(Float(value), digits: value < 100 ? 2 : 0)
                spans.append(Span("\(type.latent(latent)) ", theme.strong))
                spans.append(Span(bar + String(repeating: " ", count: max(1, barWidth + 1 - bar.unicodeScalars.count))))
                spans.append(Span(number + String(repeating: " ", count: max(1, 6 - number.count)), theme.faint))
            }
        } else {
            let shown = divergences.prefix(max(1, room - 12))
            let columns = shown.map { String(type.column(Float($0 / greatest))) }.joined()
            spans.append(Span(columns))
            spans.append(Span("  \(type.unsigned(Float(divergences.reduce(0, +)), digits: 1)) nats", theme.faint))
        }
        return spans + [Span(end, theme.text)]
    }

    private static let leastSlot = 14
    private static let longestBar = 16
}

extension Typography {
    /// A column of a cell's width, `share` (0…1) of its height; a dot on the ground for nearly nothing.
    func column(_ share: Float) -> Unicode.Scalar {
        let levels: [Unicode.Scalar] =
            glyphs >= .blocks
            ? ["·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] : [".", ":", "-", "=", "+", "*", "%", "#", "@"]
        let level = Int((max(0, min(1, share)) * 8).rounded())
        return levels[level]
    }

    var beta: String { glyphs == .ascii ? "beta" : "β" }
}

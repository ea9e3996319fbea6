import Cells

/// How far the run is, below the frames: in one line or two, as many whole entries as fit.
struct ProgressLines {
    let view: TrainDrawing

    private var theme: Theme { view.theme }
    private var type: Typography { view.type }
    private var progress: RunProgress { view.run.progress }

    func draw(into canvas: inout Canvas) {
        let rect = view.layout.progress
        if rect.rows > 1 {
            write([phase] + bars(width: rect.columns, slots: 2) + speed + sources, row: rect.row, into: &canvas)
            write(times + settings + best, row: rect.row + 1, into: &canvas)
        } else {
            write(
                [phase] + bars(width: rect.columns, slots: 1) + best + times + speed + sources, row: rect.row,
                into: &canvas)
        }
    }

    private func write(_ entries: [[Span]], row: Int, into canvas: inout Canvas) {
        var column = 1
        for entry in entries where !entry.isEmpty {
            guard column + entry.reduce(0, { $0 + $1.columns }) < canvas.size.columns else { continue }
            column = canvas.write(entry, column: column, row: row) + 2
        }
    }

    private var phase: [Span] {
        switch view.run.phase {
        case .running:
            progress.silence.map { [Span("nothing new for \(type.clock($0))", theme.accent)] } ?? []
        case .paused: [Span("paused", theme.accent)]
        case .stopping: [Span("stopping", theme.accent)]
        case .evaluating(let share, let left):
            [
                Span(
                    "test images \(Int(100 * max(0, min(1, share)))) %, \(type.clock(.seconds(left))) left",
                    theme.accent)
            ]
        case .finished(let words): [Span(cellText(words), theme.strong)]
        case .failed: [Span("stopped", theme.error)]
        }
    }

    private func bars(width: Int, slots: Int) -> [[Span]] {
        var entries: [[Span]] = []
        let barWidth = max(6, min(24, width / 6 - 4))
        if let epoch = progress.epoch {
            let all = view.run.facts?.epochs
            let columns = all.map { String($0).count } ?? 3
            let number = String(epoch)
            let words =
                "epoch " + String(repeating: " ", count: max(0, columns - number.count)) + number
                + (all.map { "/\($0)" } ?? "")
            entries.append([Span(words, theme.strong)] + bar(progress.epochShare, width: barWidth))
        }
        if progress.epoch == nil, let step = progress.step {
            entries.append([Span("step \(type.count(step))", theme.strong)])
        }
        if slots > 1, let share = progress.share {
            entries.append([Span("whole run", theme.text)] + bar(share, width: barWidth))
        }
        return entries
    }

    private func bar(_ share: Double?, width: Int) -> [Span] {
        guard let share else { return [] }
        let full = type.bar(Float(share), width: width)
        let rest: Unicode.Scalar = type.glyphs == .ascii ? "." : "░"
        let percent = String(Int(share * 100))
        return [
            Span(" " + full),
            Span(String(repeating: String(rest), count: max(0, width - full.unicodeScalars.count)), theme.frame),
            Span(String(repeating: " ", count: 4 - min(3, percent.count)) + percent + " %", theme.faint),
        ]
    }

    private var speed: [[Span]] {
        guard let speed = progress.imagesPerSecond else { return [] }
        let text = type.count(Int(max(0, min(1e12, speed))))
        return [[Span(String(repeating: " ", count: max(0, 6 - text.count)) + text), Span(" images/s", theme.faint)]]
    }

    private var times: [[Span]] {
        var entries: [[Span]] = []
        if let elapsed = progress.elapsed {
            entries.append([Span("elapsed ", theme.faint), Span(type.clock(elapsed))])
        }
        if let left = progress.remaining, !view.run.phase.isOver {
            entries.append([Span("left ", theme.faint), Span(type.clock(left))])
        }
        return entries
    }

    private var settings: [[Span]] {
        var entries: [[Span]] = []
        if let rate = progress.learningRate { entries.append([Span("lr ", theme.faint), Span(type.scientific(rate))]) }
        if let beta = progress.beta {
            entries.append([
                Span("\(type.beta) ", theme.faint), Span(type.plain(Float(beta), digits: beta == 1 ? 1 : 2)),
            ])
        }
        return entries
    }

    private var isOurs: Bool { view.run.facts?.unit == .natsPerImage }

    /// Which of another program's columns or tags are taken for what.
    private var sources: [[Span]] {
        guard !isOurs, let names = view.run.facts?.names else { return [] }
        let words: [(quantity: RunQuantity, word: String)] = [
            (.trainNegativeELBO, "train"), (.validationNegativeELBO, "validation"),
            (.trainReconstruction, "reconstruction"), (.trainKL, "KL"), (.learningRate, "lr"),
        ]
        return words.compactMap { quantity, word in
            guard let name = names[quantity] else { return nil }
            return [Span("\(word): ", theme.faint), Span(Screen.cut(cellText(name), to: 32, theme))]
        }
    }

    private var best: [[Span]] {
        guard let best = progress.best else { return [] }
        let number = type.plain(Float(best * view.run.factor), digits: 2)
        // Another program's loss may be anything.
        let name = isOurs ? "best \(type.minus)ELBO " : "best validation "
        return [
            [Span(name, theme.faint), Span(number, theme.strong)]
                + (progress.bestEpoch.map { [Span(" epoch \($0)", theme.faint)] } ?? [])
        ]
    }
}

extension Typography {
    /// `1:02:03`, `2:03`.
    func clock(_ duration: Duration) -> String {
        let seconds = Int(max(0, min(duration.components.seconds, 3_599_999)))
        func two(_ number: Int) -> String { String(String(number + 100).dropFirst()) }
        let rest = "\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        guard seconds < 3600 else { return "\(seconds / 3600):\(rest)" }
        return "\(seconds / 60):\(two(seconds % 60))"
    }

    /// `8.1e-4`, for numbers above zero.
    func scientific(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return "0" }
        var (mantissa, exponent) = (value, 0)
        while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        // Rounded up to ten, the mantissa has a digit too many.
        if mantissa >= 9.95 { (mantissa, exponent) = (1, exponent + 1) }
        return unsigned(Float(mantissa), digits: 1) + "e\(exponent)"
    }
}

extension Theme {
    /// Curves have hues of their own: class colors are for classes alone. Names at their ends and dashes tell them apart
    /// without any.
    func curve(_ quantity: RunQuantity) -> Style {
        switch quantity {
        case .validationNegativeELBO, .validationReconstruction, .validationKL: accent
        case .trainNegativeELBO: text
        case .trainReconstruction, .objective: Style(color(many: Self.brown256, few: Self.brown8), on: .standard)
        case .trainKL: Style(color(many: Self.purple256, few: Self.purple8), on: .standard)
        case .learningRate, .beta: faint
        }
    }

    static let brown256 = Choice(dark: 180, light: 94, either: 136)
    static let brown8 = Choice(dark: 3, light: 1, either: 1)
    static let purple256 = Choice(dark: 140, light: 97, either: 133)
    static let purple8 = Choice(dark: 5, light: 5, either: 1)
}

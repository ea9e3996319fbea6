import Cells
import Latent

/// What is known of an image, in lines: as many as there is room for, the first ones first.
struct ImageNumbers {
    let view: ImagesView
    let shared: Shared
    let rect: Rect

    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }

    func draw(into canvas: inout Canvas) {
        let lines = rect.rows == 1 ? [short] : lines
        for (number, line) in lines.prefix(rect.rows).enumerated() {
            canvas.write(line, column: rect.column + 1, row: rect.row + number, width: rect.columns - 1)
        }
    }

    /// What fits into one line: the words go first, then the name; a sum is shown as a whole.
    private var short: [Span] {
        let exact = exact
        let attempts =
            exact.isEmpty
            ? [[name, loss, terms], [name, shortLoss, terms], [shortLoss, terms], [shortLoss]]
            : [[name] + exact, [name] + exact.prefix(1), Array(exact.prefix(1))]
        let lines = attempts.map { $0.filter { !$0.isEmpty }.joined(separator: [Span("  ")]) }
        let room = rect.columns - 1
        return Array(lines.first { $0.reduce(0) { $0 + $1.columns } <= room } ?? lines[lines.count - 1])
    }

    private var lines: [[Span]] {
        var lines = [name + position]
        if view.isDrawing, let nearest = view.nearestImage(shared) { lines.append(nearest) }
        if let posterior = view.answer(shared) {
            lines.append(values(posterior.mean, type.mean, showsPlus: true))
            if let deviations = posterior.deviations {
                lines.append(values(deviations, type.deviation, showsPlus: false))
            }
        }
        let exact = exact
        guard exact.isEmpty else {
            // The ellipse says it too.
            return lines.filter { !$0.isEmpty }.prefix(max(1, rect.rows - exact.count)) + exact
        }
        return (lines + [loss, terms, hint]).filter { !$0.isEmpty }
    }

    /// "#4213 “7”"; of a drawing what it is taken for.
    private var name: [Span] {
        guard !view.isDrawing else {
            guard view.drawing?.shown != nil else { return [Span("nothing drawn yet", theme.faint)] }
            return view.recognized(shared) ?? []
        }
        guard let cloud = shared.cloud, let image = view.image else { return [] }
        let number = Span("#\(cloud.firstIndex + image)", theme.strong)
        guard let label = cloud.labels?[image] else { return [number] }
        let name = shared.shortName(ofClass: label, columns: max(4, rect.columns / 3))
        return [number, Span(" "), Span(type.quoted(name), theme.classStyle(label, .strong))]
    }

    /// Which of how many it is.
    private var position: [Span] {
        guard !view.isDrawing else { return [] }
        return [Span("  \(type.count(view.place + 1)) of \(type.count(view.list.images.count))", theme.faint)]
    }

    /// As many latents as fit in a line, and a sign for those that do not.
    private func values(_ point: LatentPoint, _ label: String, showsPlus: Bool) -> [Span] {
        let width = max(type.mean.count, type.deviation.count)
        let room = rect.columns - 2 - width
        let texts = point.coordinates.prefix(rect.columns).map {
            type.signedColumn($0, digits: 2, whole: 1, showsPlus: showsPlus)
        }
        var text = ""
        for (number, value) in texts.enumerated() {
            let rest = number + 1 < texts.count ? " " + type.ellipsis : ""
            let longer = text + " " + value
            guard longer.unicodeScalars.count + rest.unicodeScalars.count <= room else {
                text += " " + type.ellipsis
                break
            }
            text = longer
        }
        let gap = String(repeating: " ", count: width - label.count)
        return [Span(label, theme.faint), Span(gap + text)]
    }

    private var loss: [Span] {
        guard let known = view.reconstruction(shared), known.loss != nil else { return shortLoss }
        let words =
            switch known.inference {
            case .encoder: " nats at \(type.mean)"
            case .refined: " refined, at \(type.mean)"
            case .exact: " nats, exact"
            }
        return shortLoss + [Span(words, theme.faint)]
    }

    private var shortLoss: [Span] {
        guard let known = view.reconstruction(shared), let loss = known.loss else { return awaited }
        let name = known.inference == .exact ? "log p" : "ELBO"
        return [
            Span("\(type.minus)\(name) ", theme.faint), Span(nats(loss + known.divergence), theme.strong),
        ]
    }

    /// Whether the figures of this image, and by these weights, will come: they did of the one before.
    private var isMeasuring: Bool {
        view.subject(shared) != nil && view.reconstruction(shared) == nil && view.shown?.reconstruction.loss != nil
    }

    /// In place of figures that will come; an exact answer takes a while.
    private var awaited: [Span] {
        if let missing = shared.model.missingNatsBriefly {
            return view.reconstruction(shared) == nil ? [] : [Span(missing, theme.faint)]
        }
        guard view.inference != .exact else {
            let word = view.posteriorStatus(shared) ?? "exact \(type.minus)log p \(type.ellipsis)"
            return view.subject(shared) == nil ? [] : [Span(word, theme.faint)]
        }
        // Of large images and many latents it takes long.
        if view.inference == .refined, view.subject(shared) != nil, view.reconstruction(shared) == nil {
            return [Span("refining \(type.ellipsis)", theme.faint)]
        }
        return isMeasuring ? [Span("\(type.minus)ELBO \(type.ellipsis)", theme.faint)] : []
    }

    /// What the answer loses, while the exact posterior is shown; itself it loses nothing.
    private var exact: [[Span]] {
        guard view.inference != .exact else { return [] }
        guard let gap = view.exactPosterior(shared)?.gap, gap.inference == view.inference else {
            // The lines stay where they will be.
            let waits =
                view.posterior.isShown && shared.model.takesPosteriors && !view.posterior.isUnavailable && !loss.isEmpty
            let word = view.posteriorStatus(shared) ?? "exact \(type.minus)log p \(type.ellipsis)"
            return waits ? [loss, [Span(word, theme.faint)]] : []
        }
        return GapLines(gap: gap, theme: theme, columns: rect.columns - 1).lines
    }

    private var terms: [Span] {
        guard let known = view.reconstruction(shared), let loss = known.loss else {
            return isMeasuring ? [Span("= \(type.ellipsis)", theme.faint)] : []
        }
        return [
            Span("= ", theme.faint), Span(nats(loss)), Span(" pixels + ", theme.faint), Span(nats(known.divergence)),
            Span(" KL", theme.faint),
        ]
    }

    /// These are figures of one z; what stands in papers is a mean over draws of it.
    private var hint: [Span] {
        guard !loss.isEmpty, view.inference != .exact, shared.model.missingNats == nil else { return [] }
        let command = type.quoted("evaluate")
        let words = [
            "for z = \(type.mean) alone: the command \(command) averages over draws of z",
            "for z = \(type.mean): \(command) averages over z", "\(command) averages over z",
        ]
        return [Span(words.first { $0.unicodeScalars.count < rect.columns } ?? words[2], theme.faint)]
    }

    private func nats(_ value: Double) -> String { type.plain(Float(value), digits: 1) }
}

import Cells

/// What the encoder, or a refined answer, loses against the exact posterior, in as many words as there is room for.
struct GapLines {
    let gap: InferenceGap
    let theme: Theme
    let columns: Int

    private var type: Typography { theme.typography }

    private var isRefined: Bool { gap.inference == .refined }
    private var owner: String { isRefined ? "refined" : "encoder's" }

    /// Two lines, or three where there is little room.
    var lines: [[Span]] {
        let forms = gap.isCut ? cutForms : forms
        return forms.first { $0.allSatisfy { $0.reduce(0) { $0 + $1.columns } <= columns } } ?? forms[forms.count - 1]
    }

    private var forms: [[[Span]]] {
        [
            [
                bounds + [Span(": ", theme.faint), strong(gap.total), Span(" nats lost", theme.faint)],
                [
                    Span("(", theme.faint), plain(gap.place), Span(" the \(owner) place, ", theme.faint),
                    plain(gap.shape), Span(" the Gaussian's shape)", theme.faint),
                ],
            ],
            [
                bounds,
                [
                    strong(gap.total), Span(isRefined ? " lost, refined: " : " lost: ", theme.faint), plain(gap.place),
                    Span(" place, ", theme.faint),
                    plain(gap.shape), Span(" shape", theme.faint),
                ],
            ],
            [
                [
                    Span("\(type.minus)ELBO ", theme.faint), plain(gap.negativeELBO), Span(" exact ", theme.faint),
                    plain(gap.exact),
                ],
                [strong(gap.total), Span(isRefined ? " nats lost, refined: " : " nats lost: ", theme.faint)],
                [
                    plain(gap.place), Span(" place, ", theme.faint), plain(gap.shape), Span(" shape", theme.faint),
                ],
            ],
        ]
    }

    /// Some of it lies where it was not looked for.
    private var cutForms: [[[Span]]] {
        [[bounds, [Span("part of it lies far out", theme.faint)]]]
    }

    private var bounds: [Span] {
        [
            Span("\(type.minus)ELBO ", theme.faint), plain(gap.negativeELBO),
            Span(", exact \(type.minus)log p ", theme.faint), plain(gap.exact),
        ]
    }

    private func plain(_ value: Double) -> Span { Span(text(value)) }
    private func strong(_ value: Double) -> Span { Span(text(value), theme.strong) }
    /// Rounding never makes less than nothing of what is lost.
    private func text(_ value: Double) -> String { type.plain(Float(abs(value) < 0.05 ? 0 : value), digits: 1) }
}

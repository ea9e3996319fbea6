/// What is wrong with a run, if anything, in one sentence. What a model is judged by is part of what the run's source says.
struct RunHealth: Sendable {
    let sentence: String?
    /// Active latents of all; nil where that is not known.
    let active: (count: Int, of: Int)?
    /// What there is to say where nothing is wrong.
    let remark: String?

    init(_ run: TrainState, typography type: Typography) {
        active = run.assessment.flatMap { assessment in
            assessment.activeLatents.map { ($0, assessment.divergences.count) }
        }
        sentence =
            Self.failure(run) ?? Self.looksLikeMean(run, type) ?? run.progress.finding ?? run.assessment?.finding
        remark = Self.remark(run, active)
    }

    private static func remark(_ run: TrainState, _ active: (count: Int, of: Int)?) -> String? {
        guard let active else { return run.assessment == nil ? run.facts?.foresight : nil }
        if !run.phase.isOver, Self.rises(run.histories[.trainKL]) { return "the KL rises: the latents are being used" }
        if active.count == active.of { return "nothing wrong" }
        let words = active.count == 0 ? "no latent is" : "\(active.count) of \(active.of) latents are"
        return words + " active" + (run.progress.epoch ?? 2 > 1 ? "" : " yet")
    }

    /// Whether the last quarter of a curve's measurements lies a twentieth above the quarter before it.
    private static func rises(_ history: History?) -> Bool {
        guard let groups = history?.groups, groups.count >= 16 else { return false }
        let quarter = groups.count / 4
        func mean(_ groups: ArraySlice<History.Group>) -> Double {
            groups.reduce(0) { $0 + $1.mean } / Double(groups.count)
        }
        let (last, before) = (mean(groups.suffix(quarter)), mean(groups.dropLast(quarter).suffix(quarter)))
        return before > 0 && last > 1.05 * before
    }

    private static func failure(_ run: TrainState) -> String? {
        if case .failed(let sentence) = run.phase { return sentence }
        return nil
    }

    private static func looksLikeMean(_ run: TrainState, _ type: Typography) -> String? {
        guard let facts = run.facts, !run.isRescaled else { return nil }
        if facts.unit == .sumOverBatch { return "the loss looks like a sum over a batch, not like nats an image" }
        guard facts.unit == .meanOverPixels else { return nil }
        let loss = run.histories[.trainNegativeELBO]?.newest ?? run.histories[.validationNegativeELBO]?.newest
        guard let loss, let values = facts.valuesPerImage, values > 1 else {
            return "the loss looks like a mean over pixels; how many an image has, its checkpoint will tell"
        }
        let nats = type.unsigned(Float(loss * Double(values)), digits: 0)
        return "the loss looks like a mean over pixels: u shows it \(type.times)\(values), \(nats) nats"
    }
}

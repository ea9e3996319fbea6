/// What is wrong with a run, if anything, in one sentence. What a model is judged by is part of what the run's source says.
struct RunHealth: Sendable {
    let sentence: String?
    /// Active latents of all; nil where that is not known.
    let active: (count: Int, of: Int)?

    init(_ run: TrainState, typography type: Typography) {
        active = run.assessment.flatMap { assessment in
            assessment.activeLatents.map { ($0, assessment.divergences.count) }
        }
        sentence =
            Self.failure(run) ?? Self.looksLikeMean(run, type) ?? run.progress.finding ?? run.assessment?.finding
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

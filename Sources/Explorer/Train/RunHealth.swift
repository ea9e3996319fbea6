import Latent

/// What is wrong with a run, if anything, in one sentence. The thresholds stand in the help.
struct RunHealth: Hashable, Sendable {
    /// A latent whose KL is below this says nothing of the image, in nats.
    static let collapsedBelow = 0.01
    /// A latent is active when its posterior means vary more than this (Burda et al. 2016).
    static let activeAbove: Float = 0.01
    /// A KL above this, in nats for each latent, comes of variances or means that run away.
    static let explodedAbove = 1000.0

    let sentence: String?
    /// Active latents of all; nil where no codes are known.
    let active: (count: Int, of: Int)?

    static func == (left: RunHealth, right: RunHealth) -> Bool {
        left.sentence == right.sentence && left.active?.count == right.active?.count
            && left.active?.of == right.active?.of
    }

    func hash(into hasher: inout Hasher) { hasher.combine(sentence) }

    init(_ run: TrainState, cloud: LatentCloud?, typography type: Typography) {
        active = cloud.flatMap { $0.count > 1 ? (Self.activeLatents(of: $0), $0.dimension) : nil }
        sentence =
            Self.failure(run) ?? Self.looksLikeMean(run, type) ?? run.progress.finding
            ?? Self.collapse(run) ?? Self.explosion(run, type)
    }

    /// Latents whose posterior means have a variance above the threshold.
    private static func activeLatents(of cloud: LatentCloud) -> Int {
        (0..<cloud.dimension).filter { latent in
            let values = stride(from: latent, to: cloud.means.count, by: cloud.dimension).map { cloud.means[$0] }
            let mean = values.reduce(0, +) / Float(values.count)
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count) > activeAbove
        }.count
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

    private static func collapse(_ run: TrainState) -> String? {
        let collapsed = run.divergences.filter { $0 < collapsedBelow }.count
        guard collapsed > 0 else { return nil }
        let all = run.divergences.count
        return all == 1 || collapsed == all
            ? "posterior collapse: \(all == 1 ? "the latent is" : "all \(all) latents are") below \(collapsedBelow) nats"
            : "\(collapsed) of \(all) latents below \(collapsedBelow) nats: they say nothing of the image"
    }

    private static func explosion(_ run: TrainState, _ type: Typography) -> String? {
        guard let worst = run.divergences.indices.max(by: { run.divergences[$0] < run.divergences[$1] }),
            run.divergences[worst] > explodedAbove
        else { return nil }
        return "the posterior of \(type.latent(worst)) runs away: a smaller learning rate, or a KL warm-up"
    }
}

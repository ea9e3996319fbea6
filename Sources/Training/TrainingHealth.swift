import Inference

/// What is wrong with a model that is being trained, as far as its own figures tell.
public enum TrainingHealth {
    /// A latent whose KL is below this, in nats an image, says nothing about the image. Where no posterior's mean varies over
    /// the images, no latent says anything, however small the variances are.
    public static let collapsedBelow = 0.01
    /// A posterior whose variance is above this has lost the prior, whose variance is 1.
    public static let explodedAbove = 100.0

    /// How many latents say something about the image: the posterior's mean varies over the images by more than 0.01
    /// (Burda et al. 2016).
    ///
    /// - Parameter meanVariances: the variance of each latent's posterior mean over the images.
    public static func activeUnits(_ meanVariances: [Double]) -> Int {
        meanVariances.count { $0 > ModelEvaluation.leastActivity }
    }

    /// What is wrong. Each prints one sentence.
    public enum Finding: Hashable, Sendable, CustomStringConvertible {
        /// So many latents of so many carry nothing: posterior collapse (Lucas et al. 2019).
        case collapsed(Int, of: Int)
        /// The posterior's variance, or the variance of its means over the images, is above ``explodedAbove``.
        case exploded(latent: Int, variance: Double)
        /// The KL term alone weighs more than the reconstruction.
        case divergenceLeads(kl: Double, reconstruction: Double)

        public var description: String { sentence("train with a KL warm-up or a smaller learning rate") }

        /// The same, with this program's options as the remedy: for those who train with it.
        public var ofOwnRun: String { sentence("try --kl-warmup 5 or a smaller learning rate") }

        /// The remedy follows where nothing of an image reaches the decoder. Of many latents some are often left over, and
        /// nothing is lost.
        private func sentence(_ remedy: String) -> String {
            if case .collapsed(let count, let all) = self, count == all { "\(clause); \(remedy)" } else { clause }
        }

        private var clause: String {
            switch self {
            case .collapsed(1, 1): "the latent has collapsed: the decoder ignores z"
            case .collapsed(2, 2): "both latents have collapsed: the decoder ignores z"
            case .collapsed(let count, let all) where count == all:
                "all \(all) latents have collapsed: the decoder ignores z"
            case .collapsed(let count, let all):
                "\(count) of \(all) latents \(count == 1 ? "has" : "have") collapsed: the decoder ignores "
                    + (count == 1 ? "it" : "them")
            case .exploded(let latent, let variance):
                "the variance of latent \(latent) explodes: \(whole(variance))"
            case .divergenceLeads(let kl, let reconstruction):
                "the KL term, \(whole(kl)) nats, is larger than the reconstruction's \(whole(reconstruction))"
            }
        }

        /// Without decimals where it is a number that people write out.
        private func whole(_ value: Double) -> String { abs(value) < 1e9 ? "\(Int(value.rounded()))" : "\(value)" }
    }

    /// What a validation, or any other evaluation, tells.
    public static func findings(_ evaluation: DatasetEvaluation) -> [Finding] {
        findings(
            reconstruction: evaluation.terms.reconstruction, divergences: evaluation.divergences,
            meanVariances: evaluation.meanVariances, variances: evaluation.variances)
    }

    /// What a loss tells, where there are no images held back.
    public static func findings(_ loss: LossMeans) -> [Finding] {
        findings(
            reconstruction: loss.reconstruction, divergences: loss.divergences, meanVariances: [], variances: [])
    }

    /// - Parameters:
    ///   - reconstruction: −log p(x|z) in nats an image.
    ///   - divergences: KL of each latent, in nats an image.
    ///   - meanVariances: variance over the images of the posterior's mean of each latent; may be empty.
    ///   - variances: the posterior's variance of each latent, a mean over the images; may be empty.
    public static func findings(
        reconstruction: Double, divergences: [Double], meanVariances: [Double], variances: [Double]
    ) -> [Finding] {
        var findings: [Finding] = []
        let isIdle = !meanVariances.isEmpty && activeUnits(meanVariances) == 0
        let collapsed = isIdle ? divergences.count : divergences.count { $0 < collapsedBelow }
        if collapsed > 0 { findings.append(.collapsed(collapsed, of: divergences.count)) }
        for latent in divergences.indices {
            let spread = max(
                meanVariances.indices.contains(latent) ? meanVariances[latent] : 0,
                variances.indices.contains(latent) ? variances[latent] : 0)
            if spread > explodedAbove { findings.append(.exploded(latent: latent, variance: spread)) }
        }
        let kl = divergences.reduce(0, +)
        // A Gaussian's density may be above 1, its term below 0: that is no sign of anything.
        if reconstruction > 0, kl > reconstruction {
            findings.append(.divergenceLeads(kl: kl, reconstruction: reconstruction))
        }
        return findings
    }
}

import Explorer
import Latent
import Training

extension RunAssessment {
    /// What an epoch brought, by its validation; by the training where no images are held back.
    init(_ report: EpochReport) {
        let validation = report.validation
        self.init(
            divergences: validation?.divergences ?? report.training.divergences,
            // Means of one image do not vary.
            activeLatents: validation.flatMap { $0.images > 1 ? $0.activeUnits : nil },
            finding: report.health.first?.ofOwnRun)
    }

    /// What the codes of some images tell, where nobody else tells it; nil where they are too few, or without deviations.
    public init?(_ cloud: LatentCloud) {
        guard cloud.count > 1, let deviations = cloud.deviations, let divergences = cloud.divergences else {
            return nil
        }
        func means(_ values: (Int) -> Double) -> [Double] {
            (0..<cloud.dimension).map { latent in
                stride(from: latent, to: cloud.means.count, by: cloud.dimension).reduce(0) { $0 + values($1) }
                    / Double(cloud.count)
            }
        }
        let centers = means { Double(cloud.means[$0]) }
        let meanVariances = means { index in
            let distance = Double(cloud.means[index]) - centers[index % cloud.dimension]
            return distance * distance
        }
        let variances = means { Double(deviations[$0]) * Double(deviations[$0]) }
        // The codes alone know no reconstruction: at 0 nothing is compared with it.
        let findings = TrainingHealth.findings(
            reconstruction: 0, divergences: divergences, meanVariances: meanVariances, variances: variances)
        self.init(
            divergences: divergences, activeLatents: TrainingHealth.activeUnits(meanVariances),
            finding: findings.first?.description)
    }
}

import Datasets
import Inference
import Neural
import VAE

/// −ELBO on a data set, with its standard error over the images.
public struct DatasetEvaluation: Hashable, Sendable {
    /// Means over the images, in nats.
    public var terms: TrainingStep.Terms
    /// Standard error of the mean of −ELBO over the images.
    public var standardError: Double
    /// Mean KL of each latent.
    public var divergences: [Double]
    /// Variance over the images of the posterior's mean of each latent.
    public var meanVariances: [Double]
    /// The posterior's variance σ² of each latent, a mean over the images.
    public var variances: [Double]
    public var images: Int
    public var samples: Int

    /// How many latents say something about the image: see ``TrainingHealth/activeUnits(_:)``.
    public var activeUnits: Int { TrainingHealth.activeUnits(meanVariances) }
}

extension Model {
    /// Evaluates −ELBO by the encoder's posterior on every image of a data set.
    ///
    /// - Parameters:
    ///   - samples: posterior samples an image.
    ///   - purpose: what the noise is for: an evaluation, or the validation of a run.
    ///   - progress: is told how many images are done.
    /// - Throws: ``TrainingError/wrongImages(found:expected:)`` where the images aren't the model's.
    public func evaluate(
        _ dataset: Dataset, samples: Int, seed: UInt64 = 0, purpose: CounterGenerator.Purpose = .evaluation,
        pool: WorkerPool, progress: (Int) -> Void = { _ in }
    ) throws(TrainingError) -> DatasetEvaluation {
        let found = "\(dataset.shape)"
        guard found == architecture.image.description else {
            throw .wrongImages(found: found, expected: architecture.image.description)
        }
        var evaluator = ModelEvaluator()
        evaluator.samples = samples
        evaluator.seed = seed
        let terms: [Evaluator.Terms]
        do throws(MissingPart) {
            terms = try evaluator.terms(of: self, on: dataset, purpose: purpose, pool: pool, progress: progress)
        } catch {
            throw .missing(error)
        }
        return DatasetEvaluation(terms, latents: architecture.latentSize, samples: samples)
    }
}

extension DatasetEvaluation {
    fileprivate init(_ all: [Evaluator.Terms], latents: Int, samples: Int) {
        let count = Double(max(1, all.count))
        let reconstruction = all.reduce(0) { $0 + $1.reconstruction } / count
        divergences = (0..<latents).map { latent in all.reduce(0) { $0 + $1.divergences[latent] } / count }
        terms = TrainingStep.Terms(reconstruction: reconstruction, kl: divergences.reduce(0, +))
        let mean = terms.negativeELBO
        let squares = all.reduce(0) { $0 + ($1.negativeELBO - mean) * ($1.negativeELBO - mean) }
        standardError = (squares / max(1, count - 1) / count).squareRoot()
        meanVariances = (0..<latents).map { latent in
            let mean = all.reduce(0) { $0 + Double($1.means[latent]) } / count
            return all.reduce(0) { $0 + (Double($1.means[latent]) - mean) * (Double($1.means[latent]) - mean) } / count
        }
        variances = (0..<latents).map { latent in all.reduce(0) { $0 + $1.variances[latent] } / count }
        images = all.count
        self.samples = samples
    }
}

import Datasets
import Latent
import Neural
import VAE

/// Measures models on data sets.
public struct ModelEvaluator {
    /// Whose posteriors are measured. Exact ones need no samples: their −ELBO is −log p itself.
    public var inference = InferenceMethod.encoder
    /// Posterior samples an image.
    public var samples = 10
    /// Samples an image for the importance-weighted bound; 0 for none. Not for exact posteriors.
    public var importanceSamples = 0
    /// Whether the exact −log p is computed beside: models of two latents only.
    public var isExact = false
    public var pixels = PixelTreatment.gray
    /// What noise and sampled pixels come from.
    public var seed: UInt64 = 0

    public init() {}

    /// How far an evaluation is.
    public enum Progress: Hashable, Sendable {
        /// So many images are measured by samples of their posteriors.
        case sampled(Int)
        /// The share of the exact figures that is done.
        case exact(Double)
    }

    /// Images that go through the networks together.
    private static let part = 500

    /// Measures a model on all images of a data set.
    ///
    /// - Throws: ``EvaluationError``.
    public func evaluate(
        _ model: Model, on dataset: Dataset, pool: WorkerPool, progress: (Progress) -> Void = { _ in }
    ) throws(EvaluationError) -> ModelEvaluation {
        let found = "\(dataset.shape)"
        guard found == model.architecture.image.description else {
            throw .wrongImages(found: found, expected: model.architecture.image.description)
        }
        guard dataset.count > 0 else { throw .noImages }
        do throws(TensorNotFinite) {
            try model.checkFinite()
        } catch {
            throw .tensorNotFinite(error)
        }
        // Before the longest work: whether it can be done.
        let methods: (sampled: ImageInference?, exact: ExactInference?)
        do throws(InferenceError) {
            methods.sampled = inference == .refined ? try ImageInference(model, by: inference, pool: pool) : nil
            methods.exact = isExact || inference == .exact ? try ExactInference(model, pool: pool) : nil
        } catch {
            throw .inference(error)
        }
        try dataset.checkClasses(for: model)
        let evaluation: ModelEvaluation
        do throws(MissingPart) {
            evaluation = try measure(model, dataset, methods, pool, progress)
        } catch {
            throw .inference(.missing(error))
        }
        guard evaluation.isFinite else { throw .figureNotFinite }
        return evaluation
    }

    /// - Parameter methods: whose samples are taken, nil for the encoder's; and what is exact, where that is wanted.
    private func measure(
        _ model: Model, _ dataset: Dataset, _ methods: (sampled: ImageInference?, exact: ExactInference?),
        _ pool: WorkerPool, _ progress: (Progress) -> Void
    ) throws(MissingPart) -> ModelEvaluation {
        if let exact = methods.exact, inference == .exact {
            return ModelEvaluation(posteriors(exact, of: model, dataset, against: nil, progress))
        }
        let terms = try terms(of: model, on: dataset, by: methods.sampled, purpose: .evaluation, pool: pool) {
            progress(.sampled($0))
        }
        var evaluation = ModelEvaluation(terms)
        if let exact = methods.exact {
            let answers = methods.sampled ?? (try? ImageInference(model, by: .encoder, pool: pool))
            let posteriors = posteriors(exact, of: model, dataset, against: answers, progress)
            evaluation.exact = ExactFigures(posteriors, negativeELBOs: terms.map(\.negativeELBO))
            evaluation.imagesAtEdge = posteriors.count { $0.reachesEdge }
        }
        return evaluation
    }

    /// What each image of a data set costs by the encoder's posterior.
    ///
    /// - Parameters:
    ///   - purpose: what the noise is for.
    ///   - progress: told how many images are done.
    /// - Throws: ``MissingPart``: nats need an encoder with posteriors, and a likelihood.
    /// - Precondition: the images are the model's.
    public func terms(
        of model: Model, on dataset: Dataset, purpose: CounterGenerator.Purpose = .evaluation, pool: WorkerPool,
        progress: (Int) -> Void = { _ in }
    ) throws(MissingPart) -> [Evaluator.Terms] {
        try terms(of: model, on: dataset, by: nil, purpose: purpose, pool: pool, progress: progress)
    }

    /// - Parameter inference: whose posteriors are measured; nil for the encoder's.
    private func terms(
        of model: Model, on dataset: Dataset, by inference: ImageInference?, purpose: CounterGenerator.Purpose,
        pool: WorkerPool, progress: (Int) -> Void
    ) throws(MissingPart) -> [Evaluator.Terms] {
        let evaluator = try Evaluator(model, pool: pool)
        var terms: [Evaluator.Terms] = []
        terms.reserveCapacity(dataset.count)
        // The noise of many samples takes memory as well.
        let part = max(
            1, min(ModelEvaluator.part, (1 << 24) / (max(1, importanceSamples) * model.architecture.latentSize)))
        for start in stride(from: 0, to: dataset.count, by: part) {
            let range = start..<min(dataset.count, start + part)
            let (images, labels) = (images(of: dataset, range), dataset.classes(of: range, for: model))
            terms += evaluator.evaluate(
                images, at: inference?.posteriors(of: images, labels: labels, count: range.count), labels: labels,
                count: range.count, samples: samples, importanceSamples: importanceSamples, seed: seed,
                purpose: purpose,
                firstIndex: start)
            progress(terms.count)
        }
        return terms
    }

    /// - Parameter answers: whose loss is measured.
    private func posteriors(
        _ inference: ExactInference, of model: Model, _ dataset: Dataset, against answers: ImageInference?,
        _ progress: (Progress) -> Void
    ) -> [ExactPosterior] {
        let part = ImageInference.exactPart(elements: dataset.valuesPerImage)
        var posteriors: [ExactPosterior] = []
        for start in stride(from: 0, to: dataset.count, by: part) {
            let range = start..<min(dataset.count, start + part)
            let (images, labels) = (images(of: dataset, range), dataset.classes(of: range, for: model))
            let given = answers?.posteriors(of: images, labels: labels, count: range.count)
            let gaussians = given.map { given in range.indices.map { PlaneGaussian(given, image: $0 - start) } }
            posteriors += inference.posteriors(
                of: images, labels: labels, count: range.count, answers: gaussians
            ) { share in
                progress(.exact((Double(start) + share * Double(range.count)) / Double(dataset.count)))
            }
        }
        return posteriors
    }

    /// The images of a range `[count, channels, height, width]`, their pixels treated.
    private func images(of dataset: Dataset, _ range: Range<Int>) -> [Float] {
        let size = dataset.valuesPerImage
        return [Float](unsafeUninitializedCapacity: range.count * size) { buffer, count in
            dataset.copyImages(range, into: UnsafeMutableBufferPointer(rebasing: buffer[..<(range.count * size)]))
            for index in range {
                let start = (index - range.lowerBound) * size
                pixels.apply(
                    to: UnsafeMutableBufferPointer(rebasing: buffer[start..<start + size]), seed: seed, index: index)
            }
            count = range.count * size
        }
    }
}

/// Why a model is not measured. Each case prints one sentence.
public enum EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
    case wrongImages(found: String, expected: String)
    case noImages
    /// A conditional model asks for classes that the data, by their name, do not have.
    case noLabels(String)
    /// An image of a class that the model does not have.
    case labelOutside(Int, classes: Int)
    case inference(InferenceError)
    /// A tensor of the model has values that are no finite numbers.
    case tensorNotFinite(TensorNotFinite)
    case figureNotFinite

    public var description: String {
        switch self {
        case .wrongImages(let found, let expected):
            "the images are \(found), but the model takes \(expected): bring them to it with --resize model"
        case .noImages: "there are no images to evaluate on"
        case .noLabels(let data):
            "the model is conditional, and \(data) has no labels: name one class for all images with --class"
        case .labelOutside(let label, let classes):
            "an image has the label \(label), but the model's classes are 0 to \(classes - 1): name one for all images with "
                + "--class"
        case .inference(.missing(let part)): part.description
        case .inference(let error): "\(error): leave --exact out, or take --inference encoder"
        case .tensorNotFinite(let error): error.description
        case .figureNotFinite:
            "a figure came out as no finite number: the model's weights are too large, take an earlier checkpoint"
        }
    }
}

extension ModelEvaluation {
    /// - Precondition: there is an image.
    init(_ terms: [Evaluator.Terms]) {
        images = terms.count
        negativeELBO = Estimate(terms.map(\.negativeELBO))
        reconstruction = Estimate(terms.map(\.reconstruction))
        kl = Estimate(terms.map(\.kl))
        let latents = terms[0].divergences.indices
        divergences = latents.map { latent in Estimate(terms.map { $0.divergences[latent] }) }
        activities = ModelEvaluation.activities(latents.map { latent in terms.map { Double($0.means[latent]) } })
        let bounds = terms.compactMap(\.importanceBound)
        importanceBound = bounds.isEmpty ? nil : Estimate(bounds)
    }

    /// By exact posteriors: what is exact needs no bound.
    ///
    /// - Precondition: there is an image.
    init(_ posteriors: [ExactPosterior]) {
        images = posteriors.count
        negativeELBO = Estimate(posteriors.map(\.negativeLogEvidence))
        reconstruction = Estimate(posteriors.map(\.reconstruction))
        kl = Estimate(posteriors.map(\.kl))
        divergences = []
        activities = ModelEvaluation.activities([posteriors.map(\.mean.x), posteriors.map(\.mean.y)])
        imagesAtEdge = posteriors.count { $0.reachesEdge }
    }

    /// The variance over the images of each latent's means; nil of one image, which has none.
    private static func activities(_ means: [[Double]]) -> [Double]? {
        guard let first = means.first, first.count > 1 else { return nil }
        return means.map { means in
            let mean = means.reduce(0, +) / Double(means.count)
            return means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count - 1)
        }
    }
}

import Datasets
import Geometry
import Inference
import Latent
import Neural
import Pictures
import Session
import VAE

/// A model with what pictures are made with: its decoder, whose answers say where images lie, and data where there are any.
final class Studio {
    let model: Model
    let pool: WorkerPool
    let dataset: Dataset?
    private let decoder: Decoder
    private let inference: InferenceMethod
    /// Whose answers are taken, once somebody asked for one.
    private var answering: ImageInference?
    /// Nil for a model that is a decoder alone.
    private lazy var encoder = try? ImageInference(model, by: .encoder, pool: pool)
    /// Where the encoder puts the data; nil without data, or without an encoder.
    private(set) lazy var cloud = dataset.flatMap { dataset in encoder.map { encode(dataset, by: $0) } }

    private static let batch = 64

    /// - Parameters:
    ///   - dataset: images of the model's shape.
    ///   - inference: whose answers are taken, checked before.
    /// - Throws: `ExplorableModelError` for a model whose images are no pictures.
    init(
        _ model: Model, dataset: Dataset?, inference: InferenceMethod = .encoder, pool: WorkerPool
    ) throws(ExplorableModelError) {
        _ = try model.architecture.picture()
        (self.model, self.dataset, self.inference, self.pool) = (model, dataset, inference, pool)
        decoder = Decoder(model.askedPointByPoint, pool: pool, maximumBatch: Studio.batch)
    }

    /// The class that a conditional model is asked for: the one for all, or an image's own, or the first.
    ///
    /// - Parameter image: its index in the data; nil: a point.
    func label(ofImage image: Int?) -> ClassMix? {
        guard model.architecture.classCount != nil else { return nil }
        return ClassMix(model.condition.label ?? image.flatMap { dataset?.label($0) } ?? 0)
    }

    /// The latent space under the decoder, asked for one class.
    func space(_ label: ClassMix?) -> DecodedSpace {
        let space = DecodedSpace(model.askedPointByPoint, pool: pool)
        space.label = label
        return space
    }

    var latents: Int { model.architecture.latentSize }

    /// The most values of all pictures of a sheet, 256 MiB as they are computed: memory, and not patience, is what a slip
    /// of the finger must not use up.
    static let mostValues = 64 << 20

    /// - Throws: ``RenderError/tooMany(_:_:)``
    func checkRoom(forPictures count: Int) throws(RenderError) {
        let input = model.architecture.image
        guard count <= Studio.mostValues / max(1, input.count) else { throw .tooMany(count, "\(input)") }
    }

    /// - Throws: ``RenderError/tooMany(_:_:)``
    func pictures(of points: [LatentPoint]) throws(RenderError) -> [Picture] {
        try checkRoom(forPictures: points.count)
        return decoder.pictures(points)
    }

    /// Where one image lies by the answer that is wanted.
    ///
    /// - Throws: `InferenceOptionError`
    func code(ofImage image: Int, in dataset: Dataset) throws(InferenceOptionError) -> LatentPoint {
        let line = CountingLine()
        let labels = dataset.classes(of: image..<image + 1, for: model)
        let posterior = try answers().posteriors(
            of: dataset.image(image), labels: labels, count: 1
        ) { [inference] share in
            line.show("\(inference.rawValue) posterior: \(Int(100 * share)) %")
        }
        return LatentPoint(posterior.means, label: label(ofImage: image))
    }

    /// Where the data lie by the answer that is wanted; nil without data.
    ///
    /// - Throws: `InferenceOptionError`
    func answeredCloud() throws(InferenceOptionError) -> LatentCloud? {
        guard inference != .encoder, let dataset else { return cloud }
        return encode(dataset, by: try answers())
    }

    /// Made once: it lays out networks of its own.
    private func answers() throws(InferenceOptionError) -> ImageInference {
        if inference == .encoder, let encoder { return encoder }
        if let answering { return answering }
        let made = try inference.makeInference(model, pool: pool)
        answering = made
        return made
    }

    private func encode(_ dataset: Dataset, by encoder: ImageInference) -> LatentCloud {
        var means: [Float] = []
        var deviations: [Float] = []
        encoder.encode(dataset) { _, posteriors in
            means += posteriors.means
            deviations += posteriors.deviations
        }
        return LatentCloud(name: dataset.title, dimension: latents, means: means, deviations: deviations)
    }

    /// The data behind a model, of the model's shape.
    ///
    /// - Parameters:
    ///   - asked: what `--data` says.
    ///   - what: what cannot be done without data; nil where it is only better with them. Then those that nobody asked for
    ///     may be missing.
    /// - Returns: nil where there are none and none are needed.
    static func dataset(
        _ asked: String?, behind model: Model, _ request: DatasetRequest, neededFor what: String?
    ) throws -> Dataset? {
        guard let data = ModelData(asked: asked, request, provenance: model.provenance) else {
            if let what { throw RenderError.noData(what) }
            return nil
        }
        do {
            let news = DataNews()
            let dataset = try data.load(request) { news.hear($0) }
            try dataset.check(for: model)
            try dataset.checkClasses(for: model)
            return dataset
        } catch  where !data.isAskedFor && what == nil {
            return nil
        }
    }
}

extension Dataset {
    /// - Throws: `EvaluationError` unless the images are the model's, and there are some.
    func check(for model: Model) throws(EvaluationError) {
        guard "\(shape)" == model.architecture.image.description else {
            throw .wrongImages(found: "\(shape)", expected: model.architecture.image.description)
        }
        guard count > 0 else { throw .noImages }
    }
}

extension ImageInference {
    /// Asks about a data set in parts, so that not all of its images lie in memory as floats; says on a terminal how far what
    /// takes long has come.
    ///
    /// - Parameter body: is given the indices of each part's images, and their posteriors.
    /// - Precondition: the images are the model's.
    func encode<Failure: Error>(
        _ dataset: Dataset, _ body: (Range<Int>, Posteriors) throws(Failure) -> Void
    ) throws(Failure) {
        for start in stride(from: 0, to: dataset.count, by: part) {
            let range = start..<min(dataset.count, start + part)
            let labels = dataset.hasLabels ? range.map { dataset.label($0) ?? 0 } : nil
            let posteriors = counted(of: dataset.count, from: start, range.count) { progress in
                self.posteriors(of: dataset.images(range), labels: labels, count: range.count, progress: progress)
            }
            try body(range, posteriors)
        }
    }

    private func counted(
        of all: Int, from start: Int, _ count: Int, _ work: ((Double) -> Void) -> Posteriors
    ) -> Posteriors {
        let line = CountingLine()
        return work { share in
            let done = (Double(start) + share * Double(count)) / Double(all)
            line.show("\(method.rawValue) posteriors: \(Int(100 * done)) %")
        }
    }
}

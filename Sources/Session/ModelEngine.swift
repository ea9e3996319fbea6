import Explorer
import Geometry
import Inference
import Latent
import Neural
import Pictures
import VAE

extension OpenModel {
    /// - Parameters:
    ///   - name: as it is shown.
    ///   - guess: what was guessed about it; nil where nothing was.
    ///   - threads: how many threads compute; nil: one for each processor.
    /// - Throws: ``ExplorableModelError``
    public init(_ model: Model, name: String, guess: String? = nil, threads: Int? = nil) throws(ExplorableModelError) {
        var facts = try ModelFacts(of: model, name: name)
        facts.guess = guess
        self.init(facts: facts) { ModelEngine(model, threads: threads) }
    }
}

/// The engine of a model of ours. The encoder is compiled when it is needed first, so that the first picture is early.
final class ModelEngine: LatentEngine {
    let batch = 64
    private let model: Model
    private let pool: WorkerPool
    private let decoder: Decoder
    private lazy var encoder = try? Encoder(model, pool: pool, maximumBatch: batch)
    private lazy var meter = try? ReconstructionMeter(model, pool: pool, maximumBatch: batch)
    private lazy var refiner = try? PosteriorRefiner(model, pool: pool)
    /// Compiled when it is needed first.
    private lazy var space = DecodedSpace(model, pool: pool)

    init(_ model: Model, threads: Int?) {
        // Whoever asks says the class.
        self.model = model.askedPointByPoint
        pool = WorkerPool(threads: threads ?? WorkerPool.processorCount)
        decoder = Decoder(self.model, pool: pool, maximumBatch: batch)
    }

    var pixelRange: String? {
        model.architecture.pixelRange == .free && model.pixelScale(pool: pool).mayBeOfLogits ? "logits?" : nil
    }

    func decode(_ points: [LatentPoint]) -> [Picture] { decoder.pictures(points) }

    func encode(_ images: [Float], labels: [Int]?, count: Int) -> Posteriors? {
        encoder?.encode(images, labels: labels, count: count)
    }

    func refine(_ posteriors: Posteriors, of images: [Float], labels: [Int]?, count: Int) -> Posteriors? {
        refiner?.refine(posteriors, of: images, labels: labels, count: count)
    }

    func reconstructionLosses(_ images: [Float], at latents: [Float], labels: [Int]?, count: Int) -> [Double]? {
        meter?.measure(images, at: latents, labels: labels, count: count)
    }

    func space(of label: ClassMix?) -> DecodedSpace? {
        space.label = label
        return space
    }

    func makePosteriorLattice(of label: Int?) -> PosteriorLattice? {
        PosteriorLattice(model, label: label, pool: pool)
    }
}

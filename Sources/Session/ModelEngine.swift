import Explorer
import Geometry
import Inference
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
    private(set) lazy var space: DecodedSpace? = DecodedSpace(model, pool: pool)

    init(_ model: Model, threads: Int?) {
        self.model = model
        pool = WorkerPool(threads: threads ?? WorkerPool.processorCount)
        decoder = Decoder(model, pool: pool, maximumBatch: batch)
    }

    func decode(_ latents: [Float], count: Int) -> [Picture] {
        decoder.pictures(latents, count: count)
    }

    func encode(_ images: [Float], count: Int) -> Posteriors? { encoder?.encode(images, count: count) }

    func refine(_ posteriors: Posteriors, of images: [Float], count: Int) -> Posteriors? {
        refiner?.refine(posteriors, of: images, count: count)
    }

    func reconstructionLosses(_ images: [Float], at latents: [Float], count: Int) -> [Double]? {
        meter?.measure(images, at: latents, count: count)
    }

    func makePosteriorLattice() -> PosteriorLattice? { PosteriorLattice(model, pool: pool) }
}

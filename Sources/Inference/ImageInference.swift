import Latent
import Neural
import Platform
import VAE

/// Where images lie in the latent space, by whose answer one likes.
///
/// It belongs to one thread at a time, and shares its work with the threads of its pool.
public final class ImageInference {
    public let method: InferenceMethod
    /// How many images are best asked about together. An exact answer surveys the whole plane each time.
    public let part: Int
    private let source: Source

    private enum Source {
        case encoder(Encoder)
        case refined(Encoder, PosteriorRefiner)
        case exact(ExactInference)
    }

    /// Numbers of images whose exact posteriors are computed together: 128 MB.
    private static let exactNumbers = 1 << 25

    /// - Parameter batch: how many images go through the encoder together.
    /// - Throws: ``InferenceError`` where the model has too many latents for it, or no encoder or likelihood.
    public init(
        _ model: Model, by method: InferenceMethod, batch: Int = 64, pool: WorkerPool
    ) throws(InferenceError) {
        self.method = method
        switch method {
        case .encoder: source = .encoder(try Self.encoder(model, batch, pool))
        case .refined:
            source = .refined(try Self.encoder(model, batch, pool), try PosteriorRefiner(model, pool: pool))
        case .exact: source = .exact(try ExactInference(model, pool: pool))
        }
        part = method == .exact ? Self.exactPart(elements: model.architecture.image.count) : 256
    }

    private static func encoder(_ model: Model, _ batch: Int, _ pool: WorkerPool) throws(InferenceError) -> Encoder {
        do throws(MissingPart) {
            return try Encoder(model, pool: pool, maximumBatch: batch)
        } catch {
            throw .missing(error)
        }
    }

    /// - Parameter elements: the numbers of an image.
    static func exactPart(elements: Int) -> Int { max(1, min(20_000, exactNumbers / elements)) }

    /// The answers for some images, in the form of an encoder's: a place, and how sure it is along each latent.
    ///
    /// Of an exact posterior that is its mode, where the image belongs even if there are several, and the variances that
    /// it has.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - labels: each image's class, where the model asks for one; nil for the model's own condition.
    ///   - progress: told how much is done, 0…1, of what takes long.
    /// - Precondition: `images` holds `count` images.
    public func posteriors(
        of images: [Float], labels: [Int]? = nil, count: Int, progress: (Double) -> Void = { _ in }
    ) -> Posteriors {
        switch source {
        case .encoder(let encoder): return encoder.encode(images, labels: labels, count: count)
        case .refined(let encoder, let refiner):
            return refiner.refine(
                encoder.encode(images, labels: labels, count: count), of: images, labels: labels, count: count,
                progress: progress)
        case .exact(let inference):
            let found = inference.posteriors(of: images, labels: labels, count: count, progress: progress)
            return Posteriors(
                means: found.flatMap { [Float($0.mode.x), Float($0.mode.y)] },
                logVariances: found.flatMap { posterior in
                    [posterior.variance.x, posterior.variance.y].map { Float(logarithm($0)) }
                })
        }
    }
}

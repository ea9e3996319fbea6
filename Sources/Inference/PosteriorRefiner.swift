import Geometry
import Latent
import Neural
import Platform
import VAE

/// Moves an encoder's answers to the peaks of the posteriors nearby, by damped Gauss–Newton steps on −log p(x, z).
///
/// With J the derivative of the decoder's logits (or of a Gaussian likelihood's means) by the latents, r the slope of
/// −log p(x|z) by them, and W its curvature — p (1 − p) for a Bernoulli pixel, 1/σ² for a Gaussian one — the gradient is
/// Jᵀr + z, and Gauss and Newton's Hessian H = JᵀWJ + I is positive definite wherever it is taken. What it leaves out is
/// the decoder's own bend. A step is halved until −log p(x, z) falls.
///
/// The refined posterior is Laplace's approximation with that Hessian at the last place, brought to the form in which
/// encoders answer: independent latents. Their variances are 1/Hᵢᵢ, not the marginal ones (H⁻¹)ᵢᵢ, since of all such
/// Gaussians this one is nearest to N(z, H⁻¹) by the KL in which −ELBO measures; the wider marginal ones would put mass
/// where the other latents leave none.
public final class PosteriorRefiner {
    /// How many steps are taken.
    public static let steps = 3
    /// How often a step is halved before the place is left as it is.
    private static let halvings = 8

    private let space: DecodedSpace
    private let meter: ReconstructionMeter
    private let distribution: PixelDistribution
    private let elements: Int
    private let latents: Int
    private let scale: PixelScale
    /// Whether the model asks for a class at each place.
    private let takesClasses: Bool
    /// The class that is asked for at present.
    private var label: Int? { didSet { space.label = label.map { ClassMix($0) } } }

    /// - Throws: ``InferenceError``: too many latents, or no likelihood.
    public init(_ model: Model, pool: WorkerPool) throws(InferenceError) {
        latents = model.architecture.latentSize
        guard InferenceMethod.refined.isPossible(latents: latents) else { throw .tooManyLatents(latents) }
        space = DecodedSpace(model, pool: pool)
        guard let distribution = model.distribution else { throw .missing(.likelihood) }
        self.distribution = distribution
        do throws(MissingPart) {
            meter = try ReconstructionMeter(model, pool: pool)
        } catch {
            throw .missing(error)
        }
        scale = model.pixelScale(pool: pool)
        elements = model.architecture.image.count
        takesClasses = model.takesImagesClasses
    }

    /// The refined posteriors of some images.
    ///
    /// Where the decoder gives no finite numbers, the answer stays as it is.
    ///
    /// - Parameters:
    ///   - start: the encoder's posteriors of the images.
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - labels: each image's class, where the model asks for one; nil for the model's own condition.
    ///   - progress: told how much is done, 0…1: of large images and many latents one may take a minute.
    /// - Precondition: there is a posterior for each of `count` images.
    public func refine(
        _ start: Posteriors, of images: [Float], labels: [Int]? = nil, count: Int,
        progress: (Double) -> Void = { _ in }
    ) -> Posteriors {
        precondition(images.count == count * elements && start.means.count == count * latents, "a posterior an image")
        guard takesClasses, let labels, Set(labels).count > 1 else {
            label = takesClasses ? labels?.first : nil
            return refine(start, of: images, count: count, progress)
        }
        let refined = byClass(labels, progress: progress) { label, chosen -> [Posteriors] in
            self.label = label
            let pixels = chosen.flatMap { images[$0 * elements..<($0 + 1) * elements] }
            let part = refine(start.chosen(chosen, latents), of: pixels, count: chosen.count) { _ in }
            return chosen.indices.map { part.chosen([$0], latents) }
        }
        return Posteriors(means: refined.flatMap(\.means), logVariances: refined.flatMap(\.logVariances))
    }

    /// Of images of one class.
    private func refine(
        _ start: Posteriors, of images: [Float], count: Int, _ progress: (Double) -> Void
    ) -> Posteriors {
        var refined = start
        var costs = costs(of: images, at: start.means, count: count)
        for step in 0..<PosteriorRefiner.steps {
            progress(Double(step) / Double(PosteriorRefiner.steps + 1))
            let moves = slopes(of: images, at: refined.means).map(\.move)
            descend(&refined.means, &costs, along: moves, images)
        }
        progress(Double(PosteriorRefiner.steps) / Double(PosteriorRefiner.steps + 1))
        for (image, slopes) in slopes(of: images, at: refined.means).enumerated() {
            for latent in 0..<latents {
                let precision = slopes.hessian[latent * latents + latent]
                guard precision.isFinite else { continue }
                refined.logVariances[image * latents + latent] = Float(-logarithm(precision))
            }
        }
        return refined
    }

    /// Goes along each image's move, or a half, a fourth … of it, to where the cost is less.
    private func descend(
        _ places: inout [Float], _ costs: inout [Double], along moves: [[Double]], _ images: [Float]
    ) {
        var waiting = moves.indices.filter { moves[$0].contains { $0 != 0 } && moves[$0].allSatisfy(\.isFinite) }
        var share = 1.0
        for _ in 0...PosteriorRefiner.halvings where !waiting.isEmpty {
            let trials = waiting.flatMap { image in
                (0..<latents).map { places[image * latents + $0] + Float(share * moves[image][$0]) }
            }
            let pixels = waiting.flatMap { images[$0 * elements..<($0 + 1) * elements] }
            let found = self.costs(of: pixels, at: trials, count: waiting.count)
            var left: [Int] = []
            for (trial, image) in waiting.enumerated() {
                guard found[trial] < costs[image] else {
                    left.append(image)
                    continue
                }
                costs[image] = found[trial]
                for latent in 0..<latents { places[image * latents + latent] = trials[trial * latents + latent] }
            }
            waiting = left
            share /= 2
        }
    }

    /// −log p(x, z) but for a constant, in nats.
    private func costs(of images: [Float], at places: [Float], count: Int) -> [Double] {
        let labels = label.map { Array(repeating: $0, count: count) }
        return meter.measure(images, at: places, labels: labels, count: count).enumerated().map { image, loss in
            places[image * latents..<(image + 1) * latents].reduce(loss) { $0 + 0.5 * Double($1) * Double($1) }
        }
    }

    // MARK: Derivatives

    struct Slopes {
        /// Of −log p(x, z) by the latents.
        let gradient: [Double]
        /// Gauss and Newton's, `[latents, latents]`.
        let hessian: [Double]
        /// −H⁻¹ times the gradient.
        var move: [Double] {
            var matrix = BlockTridiagonal(blocks: 1, size: gradient.count)
            matrix.diagonal = hessian
            return matrix.factored()?.solve(gradient.map { -$0 }) ?? []
        }
    }

    /// At one place for each image.
    func slopes(of images: [Float], at places: [Float]) -> [Slopes] {
        var all: [Slopes] = []
        var residuals = [Float](repeating: 0, count: elements)
        var weighted = [Float](repeating: 0, count: latents * elements)
        space.differentiateOutputs(at: places) { image, outputs, derivatives in
            let pixels = scale.model(Array(images[image * elements..<(image + 1) * elements]))
            _ = Objective.reconstruction(distribution, outputs, pixels, elements: elements, gradient: &residuals)
            let gradient = products(residuals, rows: 1, derivatives)
            for element in 0..<elements {
                let root = curvature(residual: residuals[element], pixel: pixels[element]).squareRoot()
                for latent in 0..<latents {
                    weighted[latent * elements + element] = root * derivatives[latent * elements + element]
                }
            }
            let information = products(weighted, rows: latents, weighted)
            let z = places[image * latents..<(image + 1) * latents]
            all.append(
                Slopes(
                    gradient: zip(gradient, z).map { Double($0) + Double($1) },
                    hessian: information.enumerated().map { Double($1) + ($0 % (latents + 1) == 0 ? 1 : 0) }))
        }
        return all
    }

    /// The second derivative of −log p of a pixel by the decoder's logit or mean. A Bernoulli pixel's probability is its
    /// residual and the pixel itself.
    private func curvature(residual: Float, pixel: Float) -> Float {
        switch distribution {
        case .bernoulli:
            let probability = residual + pixel
            return max(0, probability * (1 - probability))
        case .gaussian: return distribution.precision
        }
    }

    /// The inner products of some rows with the derivatives by each latent, `[rows, latents]`.
    private func products(
        _ rows: UnsafePointer<Float>, rows count: Int, _ derivatives: UnsafePointer<Float>
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: count * latents) { buffer, initialized in
            initialized = count * latents
            guard let products = buffer.baseAddress else { return }
            innerProducts(rows, rows: count, derivatives, columns: latents, length: elements, into: products)
        }
    }
}

extension Posteriors {
    /// Those of some of the images.
    fileprivate func chosen(_ images: [Int], _ latents: Int) -> Posteriors {
        func part(_ values: [Float]) -> [Float] { images.flatMap { values[$0 * latents..<($0 + 1) * latents] } }
        return Posteriors(means: part(means), logVariances: part(logVariances))
    }
}

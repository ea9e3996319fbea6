import Inference
import Neural
import Platform
import VAE

/// A model that is being trained: both networks with gradients, and what a step on a batch does to them.
///
/// After it is made, a step allocates nothing. What it computes does not depend on the number of threads.
public final class TrainingStep {
    /// What a batch cost, in nats an image.
    public struct Terms: Hashable, Sendable {
        public var reconstruction: Double
        public var kl: Double
        public var negativeELBO: Double { reconstruction + kl }

        public init(reconstruction: Double, kl: Double) {
            self.reconstruction = reconstruction
            self.kl = kl
        }
    }

    public let architecture: Architecture
    /// The largest batch.
    public let capacity: Int
    /// Whether the encoder's gradients are computed and followed; where not, ``deriveEncoder(beta:)`` is how it changes.
    public var learnsEncoder = true
    private let encoder: Plan
    private let decoder: Plan
    /// The logarithm of the pixels' variance, where that is learned.
    private let logVariance: LearnedScalar?
    private let fixedDistribution: PixelDistribution
    private let optimizer: ModelOptimizer
    private let noise: UnsafeMutableBufferPointer<Float>
    private let latents: LatentSums
    private let latticeEncoder: LatticeEncoder?
    private let pool: WorkerPool

    /// - Parameter tensors: all of the architecture's, in PyTorch's layout.
    /// - Precondition: the architecture is one that can be trained, as every recipe's is.
    public init(
        _ architecture: Architecture, tensors: [String: Tensor], batchSize: Int, pool: WorkerPool,
        optimization: Optimization = Optimization()
    ) {
        guard architecture.isTrainable, let network = architecture.encoder, let likelihood = architecture.likelihood
        else { preconditionFailure("a recipe's architecture can be trained: checked when the recipe was made") }
        self.architecture = architecture
        capacity = batchSize
        encoder = Plan(
            network, purpose: .training(inputGradient: false), capacity: batchSize, pool: pool)
        decoder = Plan(
            architecture.objectiveDecoder, purpose: .training(inputGradient: true), capacity: batchSize, pool: pool)
        encoder.load(tensors)
        decoder.load(tensors)
        fixedDistribution = likelihood.distribution(tensors)
        if architecture.likelihood == .gaussian(.learned), case .gaussian(let value) = fixedDistribution {
            logVariance = LearnedScalar(name: Likelihood.logVarianceName, value: value)
        } else {
            logVariance = nil
        }
        optimizer = ModelOptimizer([encoder, decoder], scalar: logVariance, settings: optimization)
        noise = .allocate(capacity: batchSize * architecture.latentSize)
        noise.initialize(repeating: 0)
        latents = LatentSums(architecture.latentSize)
        latticeEncoder = LatticeEncoder(architecture)
        self.pool = pool
    }

    deinit { noise.deallocate() }

    // MARK: What it holds

    /// The tensors as they are now, in PyTorch's layout.
    public var tensors: [String: Tensor] {
        with(\.value, encoder.tensors().merging(decoder.tensors()) { encoder, _ in encoder })
    }

    /// The moving average of the tensors; nil where nothing is averaged.
    public var averagedTensors: [String: Tensor]? { optimizer.averagedTensors }

    /// What the optimizer remembers.
    public var moments: OptimizerMoments { optimizer.moments }

    /// The gradients of the last batch's mean objective, in PyTorch's layout.
    public var gradients: [String: Tensor] {
        with(\.gradient, encoder.gradientTensors().merging(decoder.gradientTensors()) { encoder, _ in encoder })
    }

    /// What the networks have, and the learned variance's number.
    private func with(_ number: (LearnedScalar) -> Float, _ tensors: [String: Tensor]) -> [String: Tensor] {
        guard let logVariance else { return tensors }
        return tensors.merging([logVariance.name: Tensor(extents: [1], values: [number(logVariance)])]) { $1 }
    }

    private var distribution: PixelDistribution {
        logVariance.map { .gaussian(logVariance: $0.value) } ?? fixedDistribution
    }

    /// The Euclidean norm of the last batch's gradient, all parameters together.
    public var gradientNorm: Double { optimizer.gradientNorm(learnsEncoder: learnsEncoder) }

    /// The KL of each latent, a mean over the last batch, in nats.
    public var divergences: UnsafeBufferPointer<Double> { latents.divergences }

    /// Takes up the optimizer's memory, and the average, of a step that was taken elsewhere.
    ///
    /// - Precondition: every tensor is there with its shape.
    public func restore(_ moments: OptimizerMoments, average: [String: Tensor]?) {
        optimizer.restore(moments, average: average)
    }

    // MARK: A step

    /// Computes the objective and its gradients: forward through both networks, and back.
    ///
    /// The objective is reconstruction + β Σⱼ max(λ, KLⱼ), with KLⱼ the mean KL of latent j over the batch and λ the free
    /// bits (Kingma et al. 2016, eq. 15 with one group a latent): a latent below λ is not pushed further down.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - noise: fills `[count, latentSize]` standard normal numbers, ε in z = μ + σ ε.
    ///   - beta: the weight of the KL term in the objective (Higgins et al. 2017).
    ///   - freeBits: λ, in nats a latent.
    /// - Returns: the terms of −ELBO at β = 1, without free bits.
    public func computeGradients(
        images: UnsafePointer<Float>, count: Int, beta: Float = 1, freeBits: Double = 0,
        noise fill: (UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Terms {
        encoder.loadImages(images, count: count)
        fill(UnsafeMutableBufferPointer(rebasing: noise[..<(count * architecture.latentSize)]))
        encoder.forward(count: count)
        sample(count)
        decoder.forward(count: count)
        let reconstruction = differentiateReconstruction(images, count)
        decoder.backward(count: count)
        latents.measure(encoder.output(), count: count)
        if learnsEncoder {
            differentiatePosterior(count, beta: beta, freeBits: freeBits)
            encoder.backward(count: count)
        }
        return Terms(reconstruction: reconstruction / Double(count), kl: latents.kl)
    }

    /// The gradient by the decoder's output, and by a learned variance.
    ///
    /// - Returns: Σ −log p(x|z) over the batch.
    private func differentiateReconstruction(_ images: UnsafePointer<Float>, _ count: Int) -> Double {
        let elements = architecture.image.count
        let distribution = distribution
        var reconstruction = 0.0
        for image in 0..<count {
            reconstruction += Objective.reconstruction(
                distribution, decoder.output() + image * elements, images + image * elements,
                elements: elements, scale: 1 / Float(count), gradient: decoder.outputGradient() + image * elements)
        }
        if let logVariance {
            let slope = Objective.logVarianceSlope(
                reconstruction: reconstruction, logVariance: logVariance.value, elements: elements * count)
            logVariance.gradient = Float(slope / Double(count))
        }
        return reconstruction
    }

    /// The KL term of the objective, with β and free bits, of the batch that ``computeGradients`` saw last.
    public func weightedKL(beta: Double, freeBits: Double) -> Double {
        beta * divergences.reduce(0) { $0 + max(freeBits, $1) }
    }

    /// z = μ + σ ε, σ = exp(½ log σ²).
    private func sample(_ count: Int) {
        let latents = architecture.latentSize
        for image in 0..<count {
            let posterior = encoder.output() + image * 2 * latents
            for latent in 0..<latents {
                decoder.input()[image * latents + latent] =
                    posterior[latent] + exponential(0.5 * posterior[latents + latent]) * noise[image * latents + latent]
            }
        }
    }

    /// The gradient by μ and log σ²: ∂/∂μ = g + β μ/n, ∂/∂log σ² = ½ (g σ ε + β (σ² − 1)/n), where g is the gradient by z;
    /// without the terms of β for latents that have free bits left.
    private func differentiatePosterior(_ count: Int, beta: Float, freeBits: Double) {
        let latents = architecture.latentSize
        for image in 0..<count {
            let posterior = encoder.output() + image * 2 * latents
            let gradient = encoder.outputGradient() + image * 2 * latents
            for latent in 0..<latents {
                let weight = divergences[latent] < freeBits ? 0 : beta / Float(count)
                let (mean, logVariance) = (posterior[latent], posterior[latents + latent])
                let deviation = exponential(0.5 * logVariance)
                let slope = decoder.inputGradient()[image * latents + latent]
                gradient[latent] = slope + weight * mean
                gradient[latents + latent] =
                    0.5 * (slope * deviation * noise[image * latents + latent] + weight * (deviation * deviation - 1))
            }
        }
    }

    /// One step of the optimizer by the gradients computed last.
    ///
    /// - Parameter gradientNorm: ``gradientNorm``, where it was asked for already.
    public func applyGradients(learningRate: Double, gradientNorm: Double? = nil) {
        optimizer.update(
            learningRate: learningRate, gradientNorm: gradientNorm ?? self.gradientNorm, learnsEncoder: learnsEncoder)
    }

    /// Computes the encoder from the decoder as it is now.
    ///
    /// - Parameter beta: the weight of the KL term.
    /// - Precondition: the encoder is a ``LatticeEncoder``'s.
    public func deriveEncoder(beta: Double = 1) { deriveEncoder(beta: beta) {} }

    /// Computes the encoder from the decoder as it is now, and lets others do something meanwhile.
    ///
    /// - Parameters:
    ///   - beta: the weight of the KL term.
    ///   - between: called on the way, while the encoder is still the old one; what it throws leaves it so.
    /// - Precondition: the encoder is a ``LatticeEncoder``'s.
    public func deriveEncoder(beta: Double, between: () throws -> Void) rethrows {
        guard let latticeEncoder else { preconditionFailure("settings that derive an encoder were checked with it") }
        encoder.load(try latticeEncoder.tensors(for: tensors, beta: beta, pool: pool, between: between))
    }
}

/// The mean KL of each latent over a batch.
private final class LatentSums {
    private let sums: UnsafeMutableBufferPointer<Double>

    init(_ latents: Int) {
        sums = .allocate(capacity: latents)
        sums.initialize(repeating: 0)
    }

    deinit { sums.deallocate() }

    var divergences: UnsafeBufferPointer<Double> { UnsafeBufferPointer(sums) }

    var kl: Double { sums.reduce(0, +) }

    /// - Parameter posteriors: `[count, 2, latents]`: means, then log-variances.
    func measure(_ posteriors: UnsafePointer<Float>, count: Int) {
        let latents = sums.count
        sums.update(repeating: 0)
        for image in 0..<count {
            let posterior = posteriors + image * 2 * latents
            for latent in 0..<latents {
                sums[latent] += Objective.divergence(mean: posterior[latent], logVariance: posterior[latents + latent])
            }
        }
        for latent in 0..<latents { sums[latent] /= Double(count) }
    }
}

import Neural
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
    }

    public let architecture: Architecture
    /// The largest batch.
    public let capacity: Int
    private let encoder: Plan
    private let decoder: Plan
    private let encoderAdam: Adam
    private let decoderAdam: Adam
    private let noise: UnsafeMutableBufferPointer<Float>

    /// - Parameter tensors: all of the architecture's, in PyTorch's layout.
    public init(_ architecture: Architecture, tensors: [String: Tensor], batchSize: Int, pool: WorkerPool) {
        self.architecture = architecture
        capacity = batchSize
        encoder = Plan(
            architecture.encoder, purpose: .training(inputGradient: false), capacity: batchSize, pool: pool)
        decoder = Plan(
            architecture.objectiveDecoder, purpose: .training(inputGradient: true), capacity: batchSize, pool: pool)
        encoder.load(tensors)
        decoder.load(tensors)
        encoderAdam = Adam(parameterCount: encoder.parameters.learnedCount)
        decoderAdam = Adam(parameterCount: decoder.parameters.learnedCount)
        noise = .allocate(capacity: batchSize * architecture.latentSize)
        noise.initialize(repeating: 0)
    }

    deinit { noise.deallocate() }

    /// The tensors as they are now, in PyTorch's layout.
    public var tensors: [String: Tensor] {
        encoder.tensors().merging(decoder.tensors()) { encoder, _ in encoder }
    }

    /// The gradients of the last batch's mean objective, in PyTorch's layout.
    public var gradients: [String: Tensor] {
        encoder.gradientTensors().merging(decoder.gradientTensors()) { encoder, _ in encoder }
    }

    /// Computes the objective and its gradients: forward through both networks, and back.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - noise: fills `[count, latentSize]` standard normal numbers, ε in z = μ + σ ε.
    ///   - beta: the weight of the KL term in the objective (Higgins et al. 2017).
    /// - Returns: the terms of −ELBO at β = 1.
    public func computeGradients(
        images: UnsafePointer<Float>, count: Int, beta: Float = 1,
        noise fill: (UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Terms {
        encoder.loadImages(images, count: count)
        fill(UnsafeMutableBufferPointer(rebasing: noise[..<(count * architecture.latentSize)]))
        encoder.forward(count: count)
        sample(count)
        decoder.forward(count: count)
        let elements = architecture.input.count
        var reconstruction = 0.0
        for image in 0..<count {
            reconstruction += Objective.reconstruction(
                architecture.likelihood, decoder.output() + image * elements, images + image * elements,
                elements: elements, scale: 1 / Float(count), gradient: decoder.outputGradient() + image * elements)
        }
        decoder.backward(count: count)
        let kl = differentiatePosterior(count, beta: beta)
        encoder.backward(count: count)
        return Terms(reconstruction: reconstruction / Double(count), kl: kl / Double(count))
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

    /// The gradient by μ and log σ²: ∂/∂μ = g + β μ/n, ∂/∂log σ² = ½ (g σ ε + β (σ² − 1)/n), where g is the gradient by z.
    ///
    /// - Returns: Σ KL over the batch.
    private func differentiatePosterior(_ count: Int, beta: Float) -> Double {
        let latents = architecture.latentSize
        let weight = beta / Float(count)
        var kl = 0.0
        for image in 0..<count {
            let posterior = encoder.output() + image * 2 * latents
            let gradient = encoder.outputGradient() + image * 2 * latents
            for latent in 0..<latents {
                let (mean, logVariance) = (posterior[latent], posterior[latents + latent])
                let deviation = exponential(0.5 * logVariance)
                let slope = decoder.inputGradient()[image * latents + latent]
                kl += Objective.divergence(mean: mean, logVariance: logVariance)
                gradient[latent] = slope + weight * mean
                gradient[latents + latent] =
                    0.5 * (slope * deviation * noise[image * latents + latent] + weight * (deviation * deviation - 1))
            }
        }
        return kl
    }

    /// One step of Adam by the gradients computed last.
    public func applyGradients(learningRate: Float) {
        encoderAdam.update(encoder, learningRate: learningRate)
        decoderAdam.update(decoder, learningRate: learningRate)
    }
}

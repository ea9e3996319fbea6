import Neural

/// Measures −ELBO on images by the encoder's posterior.
public final class Evaluator {
    private let architecture: Architecture
    private let encoder: Encoder
    private let plan: Plan
    private let batch = 100

    public init(_ model: Model, pool: WorkerPool) {
        architecture = model.architecture
        encoder = Encoder(model, pool: pool, maximumBatch: batch)
        plan = Plan(
            inference: model.architecture.objectiveDecoder, tensors: model.tensors, capacity: batch, pool: pool)
    }

    /// The two terms of one image's −ELBO, in nats.
    public struct Terms: Sendable, Hashable {
        /// −log p(x|z), the mean over posterior samples.
        public var reconstruction: Double
        /// KL of each latent.
        public var divergences: [Double]
        /// The posterior's mean of each latent.
        public var means: [Float]

        public var kl: Double { divergences.reduce(0, +) }
        public var negativeELBO: Double { reconstruction + kl }
    }

    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - samples: posterior samples an image.
    ///   - purpose: what the noise is for: an evaluation, or the validation of a run.
    ///   - firstIndex: the number of the first image in its set: noise depends on the image, not on the call.
    public func evaluate(
        _ images: [Float], count: Int, samples: Int, seed: UInt64 = 0,
        purpose: CounterGenerator.Purpose = .evaluation, firstIndex: Int = 0
    ) -> [Terms] {
        let posteriors = encoder.encode(images, count: count)
        let latents = architecture.latentSize
        var terms = (0..<count).map { image in
            Terms(
                reconstruction: 0,
                divergences: (0..<latents).map {
                    let place = image * latents + $0
                    return Objective.divergence(
                        mean: posteriors.means[place], logVariance: posteriors.logVariances[place])
                },
                means: Array(posteriors.means[image * latents..<(image + 1) * latents]))
        }
        let noise = drawNoise(
            count: count, samples: samples, seed: seed, purpose: purpose, firstIndex: firstIndex)
        for sample in 0..<samples {
            for start in stride(from: 0, to: count, by: batch) {
                let range = start..<min(count, start + batch)
                place(range, posteriors, noise, sample: sample, samples: samples)
                plan.forward(count: range.count)
                addReconstruction(range, images, to: &terms, share: 1 / Double(samples))
            }
        }
        return terms
    }

    /// Standard normal numbers `[count, samples, latents]`, a stream for each image.
    private func drawNoise(
        count: Int, samples: Int, seed: UInt64, purpose: CounterGenerator.Purpose, firstIndex: Int
    ) -> [Float] {
        let each = samples * architecture.latentSize
        var noise = [Float](repeating: 0, count: count * each)
        noise.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for image in 0..<count {
                var generator = CounterGenerator(
                    seed: seed, purpose: purpose, position: UInt64(firstIndex + image))
                generator.fillNormal(base + image * each, count: each)
            }
        }
        return noise
    }

    /// z = μ + σ ε into the decoder's input.
    private func place(_ range: Range<Int>, _ posteriors: Posteriors, _ noise: [Float], sample: Int, samples: Int) {
        let latents = architecture.latentSize
        for image in range {
            for latent in 0..<latents {
                let place = image * latents + latent
                let deviation = exponential(0.5 * posteriors.logVariances[place])
                plan.input()[(image - range.lowerBound) * latents + latent] =
                    posteriors.means[place] + deviation * noise[(image * samples + sample) * latents + latent]
            }
        }
    }

    private func addReconstruction(_ range: Range<Int>, _ images: [Float], to terms: inout [Terms], share: Double) {
        let elements = architecture.input.count
        images.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            for image in range {
                terms[image].reconstruction +=
                    share
                    * Objective.reconstruction(
                        architecture.likelihood, plan.output() + (image - range.lowerBound) * elements,
                        base + image * elements, elements: elements)
            }
        }
    }
}

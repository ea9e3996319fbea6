import Neural
import Platform

/// Measures −ELBO on images by the encoder's posterior or another one, and the importance-weighted bound.
public final class Evaluator {
    private let architecture: Architecture
    private let encoder: Encoder
    private let meter: ReconstructionMeter
    private let batch = 100

    /// - Throws: ``MissingPart``: an encoder, a likelihood and posteriors with a width are needed.
    public init(_ model: Model, pool: WorkerPool) throws(MissingPart) {
        try model.checkNats()
        architecture = model.architecture
        encoder = try Encoder(model, pool: pool, maximumBatch: batch)
        meter = try ReconstructionMeter(model, pool: pool, maximumBatch: batch)
    }

    /// What is measured of one image, in nats.
    public struct Terms: Sendable, Hashable {
        /// −log p(x|z), the mean over posterior samples.
        public var reconstruction: Double
        /// KL of each latent.
        public var divergences: [Double]
        /// The posterior's mean of each latent.
        public var means: [Float]
        /// Its variance σ² of each latent.
        public var variances: [Double]
        /// −log of the mean of p(x, z) / q(z|x) over importance samples (Burda et al. 2016): an upper bound of −log p(x)
        /// in expectation, the tighter the more samples. Nil where none were asked for.
        public var importanceBound: Double?

        public var kl: Double { divergences.reduce(0, +) }
        public var negativeELBO: Double { reconstruction + kl }
    }

    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - posteriors: what is measured; nil for the encoder's.
    ///   - labels: each image's class, where the model asks for one; nil for the model's own condition.
    ///   - samples: posterior samples an image.
    ///   - importanceSamples: samples an image for the importance-weighted bound; 0 for none. The posterior samples are
    ///     the first of them.
    ///   - purpose: what the noise is for: an evaluation, or the validation of a run.
    ///   - firstIndex: the number of the first image in its set: noise depends on the image, not on the call.
    public func evaluate(
        _ images: [Float], at posteriors: Posteriors? = nil, labels: [Int]? = nil, count: Int, samples: Int,
        importanceSamples: Int = 0, seed: UInt64 = 0, purpose: CounterGenerator.Purpose = .evaluation,
        firstIndex: Int = 0
    ) -> [Terms] {
        let draws = max(samples, importanceSamples)
        let noise = drawNoise(count: count, draws: draws, seed: seed, purpose: purpose, firstIndex: firstIndex)
        return evaluate(
            images, at: posteriors, labels: labels, count: count, samples: samples,
            importanceSamples: importanceSamples, noise: noise)
    }

    /// - Parameter noise: ε `[count, max(samples, importanceSamples), latents]`.
    func evaluate(
        _ images: [Float], at posteriors: Posteriors? = nil, labels: [Int]? = nil, count: Int, samples: Int,
        importanceSamples: Int, noise: [Float]
    ) -> [Terms] {
        let posteriors = posteriors ?? encoder.encode(images, labels: labels, count: count)
        var terms = (0..<count).map { posteriorTerms(of: $0, posteriors) }
        var weights = [LogMean](repeating: LogMean(), count: count)
        let draws = max(samples, importanceSamples)
        var reconstructions = [Double](repeating: 0, count: batch)
        for start in stride(from: 0, to: count * draws, by: batch) {
            let pairs = start..<min(count * draws, start + batch)
            let densities = place(pairs, draws: draws, posteriors, noise)
            meter.measure(pairs, draws: draws, images, labels: labels, into: &reconstructions)
            for pair in pairs {
                let (image, draw) = pair.quotientAndRemainder(dividingBy: draws)
                let reconstruction = reconstructions[pair - start]
                if draw < samples { terms[image].reconstruction += reconstruction / Double(samples) }
                if draw < importanceSamples { weights[image].add(densities[pair - start] - reconstruction) }
            }
        }
        if importanceSamples > 0 {
            for image in 0..<count { terms[image].importanceBound = -weights[image].value }
        }
        return terms
    }

    /// What the posterior alone tells.
    private func posteriorTerms(of image: Int, _ posteriors: Posteriors) -> Terms {
        let range = image * architecture.latentSize..<(image + 1) * architecture.latentSize
        return Terms(
            reconstruction: 0,
            divergences: range.map {
                Objective.divergence(mean: posteriors.means[$0], logVariance: posteriors.logVariances[$0])
            },
            means: Array(posteriors.means[range]),
            variances: range.map { exponential(Double(posteriors.logVariances[$0])) })
    }

    /// Standard normal numbers `[count, draws, latents]`, a stream for each image.
    private func drawNoise(
        count: Int, draws: Int, seed: UInt64, purpose: CounterGenerator.Purpose, firstIndex: Int
    ) -> [Float] {
        let each = draws * architecture.latentSize
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

    /// z = μ + σ ε into the decoder's input, for pairs of an image and a draw.
    ///
    /// - Returns: log p(z) − log q(z|x) of each.
    private func place(_ pairs: Range<Int>, draws: Int, _ posteriors: Posteriors, _ noise: [Float]) -> [Double] {
        let latents = architecture.latentSize
        return pairs.map { pair in
            var density = 0.0
            for latent in 0..<latents {
                let place = pair / draws * latents + latent
                let (logVariance, epsilon) = (posteriors.logVariances[place], noise[pair * latents + latent])
                let z = posteriors.means[place] + exponential(0.5 * logVariance) * epsilon
                meter.input[(pair - pairs.lowerBound) * latents + latent] = z
                density += 0.5 * (Double(epsilon * epsilon) + Double(logVariance) - Double(z * z))
            }
            return density
        }
    }
}

/// The logarithm of a mean of exponentials, one logarithm after another: relative to the largest so far, so that nothing
/// overflows.
struct LogMean {
    private var largest = -Double.infinity
    private var sum = 0.0
    private var count = 0

    mutating func add(_ logarithm: Double) {
        count += 1
        if logarithm > largest {
            sum = sum * exponential(largest - logarithm) + 1
            largest = logarithm
        } else if logarithm != -.infinity {
            sum += exponential(logarithm - largest)
        }
    }

    /// −∞ where all were, or where there was none; not a number where one was none.
    var value: Double { sum != 0 ? largest + Platform.logarithm(sum / Double(count)) : -.infinity }
}

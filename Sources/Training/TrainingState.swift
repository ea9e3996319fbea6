import Neural
import VAE

/// All that a run is between two steps. A ``Trainer`` goes on from it bit for bit, on the same machine and data.
public struct TrainingState: Hashable, Sendable {
    /// The network's tensors as the next step finds them, in PyTorch's layout.
    public var tensors: [String: Tensor]
    /// Their moving average; nil where the settings have none.
    public var average: [String: Tensor]?
    public var moments: OptimizerMoments
    public var position: TrainingPosition
    /// Sums over the steps of the epoch that is going on.
    public var epochSums: LossSums
    /// Sums over the steps since the last measurement.
    public var measurementSums: LossSums
    /// The best validation so far.
    public var best: BestValidation?
    /// Epochs since then.
    public var epochsWithoutImprovement: Int
    /// What the learning rate was multiplied by on request.
    public var rateFactor: Double
    /// How long the run has taken, pauses left out.
    public var seconds: Double

    public init(
        tensors: [String: Tensor], average: [String: Tensor]?, moments: OptimizerMoments, position: TrainingPosition,
        epochSums: LossSums, measurementSums: LossSums, best: BestValidation?, epochsWithoutImprovement: Int,
        rateFactor: Double, seconds: Double
    ) {
        self.tensors = tensors
        self.average = average
        self.moments = moments
        self.position = position
        self.epochSums = epochSums
        self.measurementSums = measurementSums
        self.best = best
        self.epochsWithoutImprovement = epochsWithoutImprovement
        self.rateFactor = rateFactor
        self.seconds = seconds
    }

    /// The tensors that are validated and saved: the average where there is one.
    public var savedTensors: [String: Tensor] { average ?? tensors }

    /// Whether every number of the network is finite.
    public var isFinite: Bool {
        (tensors.values.map(\.values) + (average ?? [:]).values.map(\.values)).allSatisfy { values in
            values.allSatisfy(\.isFinite)
        }
    }
}

/// Where a run is.
public struct TrainingPosition: Hashable, Sendable {
    /// The epoch that is going on, from 1; one more than there are when all are done.
    public var epoch: Int
    /// Steps done in it.
    public var step: Int

    public init(epoch: Int = 1, step: Int = 0) {
        self.epoch = epoch
        self.step = step
    }

    /// Steps done in the whole run.
    public func steps(perEpoch: Int) -> Int { (epoch - 1) * perEpoch + step }
}

/// The best validation of a run.
public struct BestValidation: Hashable, Sendable {
    public var epoch: Int
    /// In nats an image.
    public var negativeELBO: Double

    public init(epoch: Int, negativeELBO: Double) {
        self.epoch = epoch
        self.negativeELBO = negativeELBO
    }
}

/// Sums of a loss over images.
public struct LossSums: Hashable, Sendable {
    public var images: Int
    /// Σ −log p(x|z).
    public var reconstruction: Double
    /// Σ KL of each latent.
    public var divergences: [Double]
    /// Σ of what the gradient is of: with β and free bits.
    public var objective: Double

    public init(images: Int, reconstruction: Double, divergences: [Double], objective: Double) {
        self.images = images
        self.reconstruction = reconstruction
        self.divergences = divergences
        self.objective = objective
    }

    /// Nothing yet.
    public init(latents: Int) {
        self.init(images: 0, reconstruction: 0, divergences: Array(repeating: 0, count: latents), objective: 0)
    }

    /// Adds a batch's means, as many times as it has images.
    mutating func add(_ terms: TrainingStep.Terms, _ means: UnsafeBufferPointer<Double>, objective: Double, count: Int)
    {
        images += count
        reconstruction += terms.reconstruction * Double(count)
        for latent in divergences.indices { divergences[latent] += means[latent] * Double(count) }
        self.objective += objective * Double(count)
    }

    mutating func clear() {
        (images, reconstruction, objective) = (0, 0, 0)
        for latent in divergences.indices { divergences[latent] = 0 }
    }

    /// Means over the images.
    public var means: LossMeans {
        let count = Double(max(1, images))
        return LossMeans(
            reconstruction: reconstruction / count, divergences: divergences.map { $0 / count },
            objective: objective / count)
    }
}

/// A loss in nats an image.
public struct LossMeans: Hashable, Sendable {
    /// −log p(x|z).
    public var reconstruction: Double
    /// KL of each latent.
    public var divergences: [Double]
    /// What the gradient is of: reconstruction + β Σ max(free bits, KL).
    public var objective: Double

    public init(reconstruction: Double, divergences: [Double], objective: Double) {
        self.reconstruction = reconstruction
        self.divergences = divergences
        self.objective = objective
    }

    public var kl: Double { divergences.reduce(0, +) }
    /// −ELBO at β = 1: reconstruction + KL.
    public var negativeELBO: Double { reconstruction + kl }
}

import Datasets
import Explorer
import Latent
import Pictures
import Platform
import VAE

/// Puts one image through the model and back.
final class ReconstructionJob: Job {
    private let subject: ReconstructionSubject
    private let inference: InferenceMethod
    private(set) var isDone = false

    /// - Parameter inference: the encoder's or a refined answer; the exact one comes of a ``PosteriorJob``.
    init(_ subject: ReconstructionSubject, by inference: InferenceMethod) {
        (self.subject, self.inference) = (subject, inference)
    }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        isDone = true
        guard let (input, values) = bench.image(subject), let posterior = bench.posterior(of: values, by: inference),
            let decoded = bench.engine.decode(posterior.means, count: 1).first
        else { return [] }
        // A plain autoencoder's posteriors are points: there are no nats, and no widths.
        let hasNats = bench.facts.missingNats == nil
        let loss = hasNats ? bench.engine.reconstructionLosses(values, at: posterior.means, count: 1)?.first : nil
        let divergences = zip(posterior.means, posterior.logVariances).map {
            Objective.divergence(mean: $0, logVariance: $1)
        }
        return [
            .reconstruction(
                Reconstruction(
                    input: input, inference: inference, mean: LatentPoint(posterior.means),
                    deviations: LatentPoint(posterior.logVariances.map { exponential(0.5 * $0) }), decoded: decoded,
                    loss: loss, divergence: divergences.reduce(0, +)))
        ]
    }
}

extension Workbench {
    /// The encoder's answer for an image, or that refined; nil where there is none.
    func posterior(of image: [Float], by inference: InferenceMethod) -> Posteriors? {
        guard let encoded = engine.encode(image, count: 1) else { return nil }
        return inference == .refined ? engine.refine(encoded, of: image, count: 1) : encoded
    }

    /// As it is shown, and as the network takes it: `[channels, height, width]`. Nil: it is of data, or for a model, that
    /// are gone by now.
    func image(_ subject: ReconstructionSubject) -> (Picture, [Float])? {
        switch subject {
        case .image(let index):
            guard let dataset, fits(dataset), (0..<dataset.count).contains(index) else {
                return nil
            }
            return (dataset.picture(index), dataset.image(index))
        case .picture(let picture):
            guard picture.width == facts.width, picture.height == facts.height, picture.channels == facts.channels
            else { return nil }
            let (channels, pixels) = (picture.channels, picture.width * picture.height)
            return (
                picture, (0..<channels * pixels).map { picture.values[$0 % pixels * channels + $0 / pixels] }
            )
        }
    }

    /// Whether the model takes images of the data's shape.
    func fits(_ dataset: Dataset) -> Bool {
        dataset.width == facts.width && dataset.height == facts.height && dataset.channels == facts.channels
    }
}

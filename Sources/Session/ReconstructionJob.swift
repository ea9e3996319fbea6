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
        guard let (input, values, label) = bench.image(subject),
            let posterior = bench.posterior(of: values, as: label, by: inference)
        else { return [] }
        let mean = LatentPoint(posterior.means, label: label.map { ClassMix($0) })
        guard let decoded = bench.engine.decode([mean]).first else { return [] }
        // A plain autoencoder's posteriors are points: there are no nats, and no widths.
        let hasNats = bench.facts.missingNats == nil
        let loss =
            hasNats
            ? bench.engine.reconstructionLosses(values, at: posterior.means, labels: label.map { [$0] }, count: 1)?
                .first
            : nil
        let divergences = zip(posterior.means, posterior.logVariances).map {
            Objective.divergence(mean: $0, logVariance: $1)
        }
        return [
            .reconstruction(
                Reconstruction(
                    input: input, inference: inference, mean: mean,
                    deviations: LatentPoint(posterior.logVariances.map { exponential(0.5 * $0) }), decoded: decoded,
                    loss: loss, divergence: divergences.reduce(0, +)))
        ]
    }
}

extension Workbench {
    /// The encoder's answer for an image, or that refined; nil where there is none.
    ///
    /// - Parameter label: its class, where the model is conditional.
    func posterior(of image: [Float], as label: Int?, by inference: InferenceMethod) -> Posteriors? {
        let labels = label.map { [$0] }
        guard let encoded = engine.encode(image, labels: labels, count: 1) else { return nil }
        return inference == .refined ? engine.refine(encoded, of: image, labels: labels, count: 1) : encoded
    }

    /// As it is shown, as the network takes it, `[channels, height, width]`, and the class that a conditional model is asked
    /// for. Nil: it is of data, or for a model, that are gone by now.
    func image(_ subject: ReconstructionSubject) -> (picture: Picture, values: [Float], label: Int?)? {
        guard let (picture, values, own) = pixels(of: subject) else { return nil }
        guard let classes = facts.classCount else { return (picture, values, nil) }
        let label = subject.label ?? own ?? 0
        return label < classes ? (picture, values, label) : nil
    }

    /// The same with its own class, where it has one.
    private func pixels(of subject: ReconstructionSubject) -> (Picture, [Float], Int?)? {
        switch subject {
        case .image(let index, _):
            guard let dataset, fits(dataset), (0..<dataset.count).contains(index) else {
                return nil
            }
            return (dataset.picture(index), dataset.image(index), dataset.label(index))
        case .picture(let picture, _):
            guard picture.width == facts.width, picture.height == facts.height, picture.channels == facts.channels
            else { return nil }
            let (channels, pixels) = (picture.channels, picture.width * picture.height)
            return (
                picture, (0..<channels * pixels).map { picture.values[$0 % pixels * channels + $0 / pixels] }, nil
            )
        }
    }

    /// Whether the model takes images of the data's shape.
    func fits(_ dataset: Dataset) -> Bool {
        dataset.width == facts.width && dataset.height == facts.height && dataset.channels == facts.channels
    }
}

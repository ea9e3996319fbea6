import Explorer
import Inference
import Latent
import Pictures
import VAE

/// Finds where one image belongs on the plane: decodes the plane, where nobody has yet, looks at all of it at once, and
/// then closer.
final class PosteriorJob: Job {
    /// Between two words about the plane: each makes a frame.
    private static let pause = Duration.milliseconds(100)

    private let subject: ReconstructionSubject
    private let inference: InferenceMethod
    private(set) var isDone = false
    private var search: PosteriorSearch?
    /// As it is shown, and as the network takes it.
    private var image: (picture: Picture, values: [Float], label: Int?)?
    /// −ELBO of the image by the encoder's or the refined answer, in nats.
    private var negativeELBO: Double?
    private let clock = ContinuousClock()
    private var lastAnswer: ContinuousClock.Instant?

    /// - Parameter inference: whose loss is measured; the exact answer, which loses nothing, is given instead.
    init(_ subject: ReconstructionSubject, against inference: InferenceMethod) {
        (self.subject, self.inference) = (subject, inference)
    }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        guard let image = image ?? bench.image(subject) else {
            isDone = true
            return []
        }
        self.image = image
        guard let lattice = bench.posteriors.lattice(of: bench.engine, as: image.label) else {
            isDone = true
            return [.posterior(.unavailable)]
        }
        let end = clock.now.advanced(by: piece)
        guard lattice.isComplete else {
            repeat { lattice.advance() } while !lattice.isComplete && clock.now < end
            return word(of: lattice)
        }
        guard search != nil else { return begin(image, lattice, at: bench) }
        repeat { search?.advance() } while search?.isFinished == false && clock.now < end
        guard let search, search.isFinished else { return [] }
        isDone = true
        if search.posterior != nil { bench.posteriors.keep(search, of: image.values, as: image.label) }
        return [.posterior(.found(answer(search, at: bench)))]
    }

    private func word(of lattice: PosteriorLattice) -> [WorkResult] {
        let now = clock.now
        if let lastAnswer, lastAnswer.duration(to: now) < Self.pause { return [] }
        lastAnswer = now
        return [.posterior(.surveying(share: lattice.share))]
    }

    /// Looks at the whole plane, which is seen at once, and measures the encoder's or the refined answer.
    private func begin(
        _ image: (picture: Picture, values: [Float], label: Int?), _ lattice: PosteriorLattice, at bench: Workbench
    ) -> [WorkResult] {
        guard image.values.count == lattice.elements,
            let answered = bench.posterior(of: image.values, as: image.label, by: inference),
            answered.means.count == 2
        else {
            isDone = true
            return []
        }
        let given = inference == .exact ? nil : PlaneGaussian(answered)
        let begun = search(image.values, as: image.label, in: lattice, answer: given, at: bench)
        search = begun
        if let given { negativeELBO = Self.negativeELBO(of: given, image.values, as: image.label, at: bench) }
        return [.posterior(.found(answer(begun, at: bench)))]
    }

    /// Begins with what is there already of the same image, where it was looked at beside another answer.
    private func search(
        _ image: [Float], as label: Int?, in lattice: PosteriorLattice, answer: PlaneGaussian?, at bench: Workbench
    ) -> PosteriorSearch {
        guard var kept = bench.posteriors.search(of: image, as: label) else {
            return PosteriorSearch(image, in: lattice, answer: answer)
        }
        kept.ask(beside: answer)
        return kept
    }

    /// E −log p(x|z) over an answer's Gaussian, without chance, and KL; nil where there is no likelihood.
    private static func negativeELBO(
        of gaussian: PlaneGaussian, _ image: [Float], as label: Int?, at bench: Workbench
    ) -> Double? {
        let (points, weights) = gaussian.quadrature
        let images = weights.flatMap { _ in image }
        let labels = label.map { Array(repeating: $0, count: weights.count) }
        guard let losses = bench.engine.reconstructionLosses(images, at: points, labels: labels, count: weights.count)
        else { return nil }
        return zip(losses, weights).reduce(gaussian.divergence) { $0 + $1.0 * $1.1 }
    }

    /// The image's class.
    private var label: ClassMix? { image?.label.map { ClassMix($0) } }

    private func answer(_ search: PosteriorSearch, at bench: Workbench) -> PlanePosterior {
        let map = search.map
        var gap: InferenceGap?
        if let found = search.posterior, let negativeELBO {
            gap = InferenceGap(
                inference: inference, negativeELBO: negativeELBO, exact: found.negativeLogEvidence,
                shape: found.approximationGap,
                isCut: found.reachesEdge)
        }
        return PlanePosterior(
            side: PosteriorMap.side, halfExtent: Float(PosteriorMap.halfExtent), logMasses: map.logMasses,
            mode: LatentPoint([Float(map.mode.x), Float(map.mode.y)], label: label),
            cells: cells(search), gap: gap,
            reconstruction: inference == .exact ? reconstruction(search.posterior, at: bench) : nil)
    }

    /// The squares around the points that a search ended on; nil before its end.
    private func cells(_ search: PosteriorSearch) -> PlaneCells? {
        guard search.posterior != nil else { return nil }
        var cells = PlaneCells(extent: Float(search.spacing))
        search.forEachPoint { place, mass in
            cells.add(SIMD2(Float(place.x), Float(place.y)), logMass: Float(mass))
        }
        return cells
    }

    /// What the exact posterior makes of the image: its mode, decoded, and −log p in its two parts.
    private func reconstruction(_ found: ExactPosterior?, at bench: Workbench) -> Reconstruction? {
        guard let found, let picture = image?.picture else { return nil }
        let mode = LatentPoint([Float(found.mode.x), Float(found.mode.y)], label: label)
        guard let decoded = bench.engine.decode([mode]).first else { return nil }
        return Reconstruction(
            input: picture, inference: .exact, mean: mode,
            deviations: LatentPoint(Float(found.deviation.x), Float(found.deviation.y)), decoded: decoded,
            loss: found.reconstruction, divergence: found.kl)
    }
}

import Explorer
import Inference
import Latent
import Pictures
import VAE

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Finds where one image belongs on the plane: decodes the plane, where nobody has yet, looks at all of it at once, and
/// then closer.
final class PosteriorJob: Job {
    /// Between two words about the plane: each makes a frame.
    private static let pause = Duration.milliseconds(100)

    private let subject: ReconstructionSubject
    private(set) var isDone = false
    private var search: PosteriorSearch?
    /// The encoder's −ELBO of the image, in nats.
    private var negativeELBO: Double?
    private let clock = ContinuousClock()
    private var lastAnswer: ContinuousClock.Instant?

    init(_ subject: ReconstructionSubject) { self.subject = subject }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        guard let lattice = bench.posteriors.lattice(of: bench.engine) else {
            isDone = true
            return [.posterior(.unavailable)]
        }
        let end = clock.now.advanced(by: piece)
        guard lattice.isComplete else {
            repeat { lattice.advance() } while !lattice.isComplete && clock.now < end
            return word(of: lattice)
        }
        guard search != nil else { return begin(lattice, at: bench) }
        repeat { search?.advance() } while search?.isFinished == false && clock.now < end
        guard let search, search.isFinished else { return [] }
        isDone = true
        return [.posterior(.found(answer(search)))]
    }

    private func word(of lattice: PosteriorLattice) -> [WorkResult] {
        let now = clock.now
        if let lastAnswer, lastAnswer.duration(to: now) < Self.pause { return [] }
        lastAnswer = now
        return [.posterior(.surveying(share: lattice.share))]
    }

    /// Looks at the whole plane, which is seen at once, and measures the encoder's answer.
    private func begin(_ lattice: PosteriorLattice, at bench: Workbench) -> [WorkResult] {
        guard let (_, values) = bench.image(subject), values.count == lattice.elements,
            let encoded = bench.engine.encode(values, count: 1), encoded.means.count == 2
        else {
            isDone = true
            return []
        }
        let begun = PosteriorSearch(values, in: lattice)
        search = begun
        negativeELBO = Self.negativeELBO(of: encoded, values, at: bench)
        return [.posterior(.found(answer(begun)))]
    }

    /// E −log p(x|z) over the encoder's Gaussian, without chance, and KL; nil where there is no likelihood.
    private static func negativeELBO(of encoded: Posteriors, _ image: [Float], at bench: Workbench) -> Double? {
        let deviations = encoded.logVariances.map { Double(expf(0.5 * $0)) }
        let gaussian = PlaneGaussian(
            mean: SIMD2(Double(encoded.means[0]), Double(encoded.means[1])),
            deviation: SIMD2(deviations[0], deviations[1]))
        let (points, weights) = gaussian.quadrature
        let images = weights.flatMap { _ in image }
        guard let losses = bench.engine.reconstructionLosses(images, at: points, count: weights.count) else {
            return nil
        }
        let divergences = zip(encoded.means, encoded.logVariances).map {
            Objective.divergence(mean: $0, logVariance: $1)
        }
        return zip(losses, weights).reduce(divergences.reduce(0, +)) { $0 + $1.0 * $1.1 }
    }

    private func answer(_ search: PosteriorSearch) -> PlanePosterior {
        let map = search.map
        var gap: InferenceGap?
        if let found = search.posterior, let negativeELBO {
            gap = InferenceGap(
                negativeELBO: negativeELBO, exact: found.negativeLogEvidence, shape: found.approximationGap,
                isCut: found.reachesEdge)
        }
        return PlanePosterior(
            side: PosteriorMap.side, halfExtent: Float(PosteriorMap.halfExtent), logMasses: map.logMasses,
            mode: LatentPoint(Float(map.mode.x), Float(map.mode.y)), gap: gap)
    }
}

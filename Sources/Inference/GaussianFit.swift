import Platform

/// A normal distribution over the plane with independent latents: what an encoder answers with.
public struct PlaneGaussian: Hashable, Sendable {
    public var mean: SIMD2<Double>
    /// σ of each latent.
    public var deviation: SIMD2<Double>

    public init(mean: SIMD2<Double>, deviation: SIMD2<Double>) {
        self.mean = mean
        self.deviation = deviation
    }

    /// Its entropy in nats.
    var entropy: Double { logTwoPi + 1 + logarithm(deviation.x) + logarithm(deviation.y) }

    /// KL from the standard normal prior, in nats.
    public var divergence: Double {
        0.5 * (mean * mean + deviation * deviation).sum() + logTwoPi - entropy
    }
}

/// The Gaussian with independent latents that maximizes the ELBO of one image among those near a start: an optimum of
/// what an encoder could answer (Cremer et al. 2018, "Inference suboptimality in variational autoencoders"). Where the
/// posterior has several hills, each may have its own.
///
/// With f(z) = log p(x, z), ELBO = E f + entropy, and by the theorems of Bonnet and Price its stationary points have
/// E ∂f = 0 and 1/σ² = −E ∂²f (Opper & Archambeau 2009). Both expectations are sums over the posterior's points, where
/// the derivatives are moved onto the Gaussian: E ∂f = E f (z−μ)/σ², E ∂²f = E f ((z−μ)²/σ² − 1)/σ². Newton's steps
/// are halved until the ELBO grows.
struct GaussianFit {
    private(set) var gaussian: PlaneGaussian
    /// ELBO in nats.
    private(set) var bound: Double
    /// Whether nine tenths of it lie where the posterior was computed: where it was not, the bound is too high.
    var isSeen: Bool { mass > 0.9 }
    private var mass: Double
    private let posterior: PosteriorBlocks

    private static let steps = 40
    private static let tolerance = 1e-6

    private struct Expectations {
        /// How much of the Gaussian lies where f was computed.
        var mass = 0.0
        /// E f.
        var value = 0.0
        var gradient = SIMD2<Double>(repeating: 0)
        /// E ∂²f, the diagonal.
        var curvature = SIMD2<Double>(repeating: 0)
    }

    /// Climbs from `start`.
    init(_ posterior: PosteriorBlocks, from start: PlaneGaussian) {
        self.posterior = posterior
        let smallest = SIMD2(repeating: 0.5 * posterior.spacing)
        gaussian = PlaneGaussian(
            mean: start.mean, deviation: start.deviation.clamped(lowerBound: smallest, upperBound: SIMD2(repeating: 3)))
        var expectations = GaussianFit.expectations(posterior, gaussian)
        bound = expectations.value + gaussian.entropy
        mass = expectations.mass
        for _ in 0..<GaussianFit.steps {
            let before = bound
            guard let next = improved(expectations) else { break }
            expectations = next
            if bound - before < GaussianFit.tolerance { break }
        }
    }

    /// Takes the largest of a few ever smaller steps that improves the bound; nil if none does.
    private mutating func improved(_ now: Expectations) -> Expectations? {
        let from = gaussian
        let smallest = 0.5 * posterior.spacing
        var share = 1.0
        for _ in 0..<8 {
            var next = from
            for axis in 0..<2 {
                let variance = from.deviation[axis] * from.deviation[axis]
                // Where f curves upward, as far as it is seen from here, the Gaussian widens by a half.
                let wanted = now.curvature[axis] < -0.4 / variance ? -1 / now.curvature[axis] : 2.25 * variance
                next.mean[axis] += share * now.gradient[axis] * wanted
                let change = 0.5 * share * (logarithm(wanted) - logarithm(variance))
                next.deviation[axis] = min(3, max(smallest, from.deviation[axis] * exponential(change)))
            }
            let expectations = GaussianFit.expectations(posterior, next)
            let value = expectations.value + next.entropy
            if value > bound {
                (gaussian, bound, mass) = (next, value, expectations.mass)
                return expectations
            }
            share /= 2
        }
        return nil
    }

    /// - Complexity: two exponentials for a row and a column of points, a few products for each point.
    private static func expectations(_ posterior: PosteriorBlocks, _ gaussian: PlaneGaussian) -> Expectations {
        // f is taken relative to a floor, and so counts as the floor where it was not computed since it lies below.
        let floor = Double(posterior.largest) - ExactInference.depth
        var sums = Expectations()
        for (index, block) in posterior.blocks.enumerated() {
            let origin = PlaneLattice.origin(block)
            let across = weights(gaussian, axis: 0, from: origin.x, spacing: posterior.spacing)
            let down = weights(gaussian, axis: 1, from: origin.y, spacing: posterior.spacing)
            for row in 0..<PlaneBlock.side where down.weights[row] > 0 {
                var line = SIMD8<Double>()
                for column in 0..<PlaneBlock.side {
                    line[column] = Double(posterior.values[index * PlaneBlock.points + row * PlaneBlock.side + column])
                }
                sums.mass += across.weights.sum() * down.weights[row]
                line = (line - floor) * across.weights * down.weights[row]
                let sum = line.sum()
                sums.value += sum
                sums.gradient.x += (line * across.places).sum()
                sums.gradient.y += sum * down.places[row]
                sums.curvature.x += (line * across.places * across.places).sum()
                sums.curvature.y += sum * down.places[row] * down.places[row]
            }
        }
        let deviation = gaussian.deviation
        sums.curvature = (sums.curvature - sums.value) / (deviation * deviation)
        sums.gradient /= deviation
        sums.value += floor + 2 * logarithm(1 / posterior.spacing)
        return sums
    }

    /// The Gaussian's mass in eight cells of an axis, and their places in deviations from its mean.
    private static func weights(
        _ gaussian: PlaneGaussian, axis: Int, from origin: Double, spacing: Double
    ) -> (weights: SIMD8<Double>, places: SIMD8<Double>) {
        var (weights, places) = (SIMD8<Double>(), SIMD8<Double>())
        let (mean, deviation) = (gaussian.mean[axis], gaussian.deviation[axis])
        for cell in 0..<PlaneBlock.side {
            let place = (origin + Double(cell) * spacing - mean) / deviation
            places[cell] = place
            weights[cell] = spacing / deviation * exponential(-0.5 * (place * place + logTwoPi))
        }
        return (weights, places)
    }
}

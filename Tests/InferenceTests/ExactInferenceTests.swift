import Neural
import Platform
import Testing
import VAE

@testable import Inference

@Suite("Exact posteriors")
struct ExactInferenceTests {
    @Test(
        "Evidence, moments and the best Gaussian are those that PyTorch finds",
        arguments: [Likelihood.bernoulli, .gaussian()])
    func agreesWithPyTorch(likelihood: Likelihood) throws {
        let fixture = try PosteriorFixture.load(likelihood)
        let inference = try ExactInference(try fixture.model(likelihood), pool: WorkerPool(threads: 2))
        let found = inference.posteriors(of: fixture.pixels, count: PosteriorFixture.count)
        #expect(isClose(found.map(\.negativeLogEvidence), fixture.negativeLogEvidence, within: 2e-4))
        #expect(isClose(found.flatMap { [$0.mean.x, $0.mean.y] }, fixture.mean, within: 1e-4))
        #expect(isClose(found.flatMap { [$0.variance.x, $0.variance.y] }, fixture.variance, within: 1e-4))
        #expect(isClose(found.map(\.covariance), fixture.covariance, within: 1e-4))
        #expect(isClose(found.map(\.gaussianNegativeELBO), fixture.gaussianNegativeElbo, within: 1e-3))
    }

    @Test("A posterior far narrower than the first points is found on finer ones", arguments: [0.01, 0.003])
    func narrow(deviation: Double) throws {
        // One pixel for each latent, normal around z / deviation with variance 1: p(z|x) is normal with precision
        // 1 + 1/deviation², and x is normal with variance 1 + 1/deviation².
        let scale = 1 / deviation
        let model = try linearModel(weights: [scale, 0, 0, scale])
        let place = SIMD2(0.7312, -1.1177)
        let pixels = [place.x * scale, place.y * scale].map(Float.init)
        let inference = try ExactInference(model, pool: WorkerPool(threads: 1))
        let found = try #require(inference.posteriors(of: pixels, count: 1).first)
        let variance = 1 + scale * scale
        let squares = pixels.reduce(0) { $0 + Double($1) * Double($1) }
        let expected = 0.5 * squares / variance + logTwoPi + logarithm(variance)
        #expect(abs(found.negativeLogEvidence - expected) < 0.01)
        #expect(found.spacing < 1.5 * deviation)
        #expect(abs(found.mean.x - place.x) < 0.1 * deviation)
        #expect(abs(found.variance.x * variance - 1) < 0.05)
        #expect(abs(found.approximationGap) < 0.01, "the posterior is such a Gaussian itself")
    }

    @Test("The pixels' own variance counts, fixed or learned", arguments: [Likelihood.Variance.fixed(0.25), .learned])
    func pixelVariance(variance: Likelihood.Variance) throws {
        // x is normal with variance 0.25 + 2², each pixel by itself.
        let model = try linearModel(weights: [2, 0, 0, 2], likelihood: .gaussian(variance))
        let inference = try ExactInference(model, pool: WorkerPool(threads: 1))
        let found = try #require(inference.posteriors(of: [1, -0.6], count: 1).first)
        let expected = 0.5 * 1.36 / 4.25 + logTwoPi + logarithm(4.25)
        #expect(abs(found.negativeLogEvidence - expected) < 1e-3)
        // Precision 1 + 2²/0.25.
        #expect(abs(found.variance.x * 17 - 1) < 0.01)
        #expect(abs(found.mean.x - 1 * 2 / 4.25) < 1e-3)
        // Of a Gaussian the mode is the mean, between the points that it was seen on; and its KL is the textbook's.
        #expect(abs(found.mode.x - found.mean.x) < 2e-3 && abs(found.mode.y - found.mean.y) < 2e-3)
        let squares = found.mean.x * found.mean.x + found.mean.y * found.mean.y
        let kl = 0.5 * (squares + 2.0 / 17 + 2 * logarithm(17) - 2)
        #expect(abs(found.kl - kl) < 0.01 && abs(found.reconstruction - (expected - kl)) < 0.01)
    }

    @Test("A Gaussian with independent latents cannot follow a tilted posterior, and the gap is the textbook's")
    func tilted() throws {
        // The pixels see z₀ + z₁ sharply and z₀ − z₁ hardly: precision I + WᵀW.
        let model = try linearModel(weights: [4, 4, 0.5, -0.5])
        let inference = try ExactInference(model, pool: WorkerPool(threads: 1))
        let found = try #require(inference.posteriors(of: [1, 0.2], count: 1).first)
        let (diagonal, other) = (1 + 16 + 0.25, 16 - 0.25)
        // KL of the best factorized Gaussian from a Gaussian: ½ log (∏ Λᵢᵢ / det Λ).
        let gap = 0.5 * logarithm(diagonal * diagonal / (diagonal * diagonal - other * other))
        #expect(abs(found.approximationGap - gap) < 2e-3)
        #expect(abs(found.gaussian.deviation.x * found.gaussian.deviation.x * diagonal - 1) < 0.01)
        #expect(found.covariance < 0)
    }

    @Test("A posterior that is the prior needs no finer points")
    func collapsed() throws {
        let inference = try ExactInference(linearModel(weights: [0, 0, 0, 0]), pool: WorkerPool(threads: 2))
        let found = try #require(inference.posteriors(of: [0.5, 0.25], count: 1).first)
        #expect(abs(found.negativeLogEvidence - (logTwoPi + 0.5 * 0.3125)) < 1e-4)
        #expect(found.spacing == 1.0 / 16)
        #expect(abs(found.variance.x - 1) < 1e-3)
        #expect(abs(found.approximationGap) < 1e-3)
        #expect(!found.reachesEdge)
    }

    @Test("A posterior that lies beyond the plane's edge is told")
    func edge() throws {
        let inference = try ExactInference(linearModel(weights: [10, 0, 0, 10]), pool: WorkerPool(threads: 1))
        let found = inference.posteriors(of: [61, 0, 10, 0], count: 2)
        #expect(found.map(\.reachesEdge) == [true, false])
    }

    @Test("The number of threads, and which other images are there, change nothing")
    func independence() throws {
        let fixture = try PosteriorFixture.load(.bernoulli)
        let model = try fixture.model(.bernoulli)
        let all = try ExactInference(model, pool: WorkerPool(threads: 3)).posteriors(
            of: fixture.pixels, count: PosteriorFixture.count)
        let size = fixture.pixels.count / PosteriorFixture.count
        let one = try ExactInference(model, pool: WorkerPool(threads: 1)).posteriors(
            of: Array(fixture.pixels[4 * size..<5 * size]), count: 1)
        #expect(abs(one[0].negativeLogEvidence - all[4].negativeLogEvidence) < 1e-5)
    }

    @Test("Models with more latents are refused with a sentence")
    func latents() throws {
        let model = try linearModel(weights: Array(repeating: 0, count: 6), latents: 3)
        #expect(throws: InferenceError.latents(3)) { try ExactInference(model, pool: WorkerPool(threads: 1)) }
    }
}

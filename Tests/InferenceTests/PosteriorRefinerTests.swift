import Checkpoints
import Datasets
import Foundation
import Geometry
import Latent
import ModelFiles
import Neural
import Platform
import Testing
import VAE

@testable import Inference

@Suite("Refined posteriors")
struct PosteriorRefinerTests {
    private let pool = WorkerPool(threads: 2)
    private let count = PosteriorFixture.count

    /// −log p(x, z) but for a constant, one for each image.
    private func costs(_ model: Model, _ images: [Float], _ places: [Float]) throws -> [Double] {
        let count = places.count / 2
        return try ReconstructionMeter(model, pool: pool).measure(images, at: places, count: count).enumerated().map {
            $1 + 0.5 * Double(places[2 * $0] * places[2 * $0] + places[2 * $0 + 1] * places[2 * $0 + 1])
        }
    }

    @Test(
        "The gradient is what central differences of −log p come to, and the Hessian Fisher's metric and the prior's",
        arguments: [Likelihood.bernoulli, .gaussian(.fixed(0.25))])
    func derivatives(likelihood: Likelihood) throws {
        let fixture = try PosteriorFixture.load(likelihood == .bernoulli ? likelihood : .gaussian())
        let model = try fixture.model(likelihood)
        let places: [Float] = [0.3, -0.7, 1.1, -1.4, 0.2, 0.6, 0.9, 0.8, -0.5, 0, 0.1, -0.2]
        let slopes = try PosteriorRefiner(model, pool: pool).slopes(of: fixture.pixels, at: places)
        for latent in 0..<2 {
            func moved(_ step: Float) -> [Float] { places.indices.map { places[$0] + ($0 % 2 == latent ? step : 0) } }
            let upper = try costs(model, fixture.pixels, moved(0.01))
            let lower = try costs(model, fixture.pixels, moved(-0.01))
            for image in 0..<count {
                let difference = (upper[image] - lower[image]) / 0.02
                #expect(abs(slopes[image].gradient[latent] - difference) < 2e-3 * max(1, abs(difference)))
            }
        }
        // Another way to the same: lengths by Fisher's metric are differences of angles, not of logits.
        let points = (0..<count).map { LatentPoint(places[2 * $0], places[2 * $0 + 1]) }
        let metrics = try DecodedSpace(model, pool: pool).metrics(at: points, under: .fisher)
        for image in 0..<count {
            let expected = zip(metrics[4 * image..<4 * image + 4], [1.0, 0, 0, 1]).map(+)
            #expect(isClose(slopes[image].hessian, expected, within: 1e-4 * expected[0]))
        }
    }

    @Test("Where the posterior is a tilted Gaussian, its mean is found, and the best independent latents' deviations")
    func linear() throws {
        // The pixels see z₀ + z₁ sharply and z₀ − z₁ hardly: precision I + WᵀW/σ².
        let model = try linearModel(weights: [4, 4, 0.5, -0.5], likelihood: .gaussian(.fixed(0.25)))
        let image: [Float] = [1, 0.2]
        let start = Posteriors(means: [2, -3], logVariances: [0, 0])
        let found = try PosteriorRefiner(model, pool: pool).refine(start, of: image, count: 1)
        let exact = try #require(try ExactInference(model, pool: pool).posteriors(of: image, count: 1).first)
        #expect(abs(Double(found.means[0]) - exact.mean.x) < 1e-3 && abs(Double(found.means[1]) - exact.mean.y) < 1e-3)
        let precision = 1 + (16 + 0.25) / 0.25
        #expect(found.logVariances.allSatisfy { abs(Double($0) + logarithm(precision)) < 1e-4 })
        #expect(abs(exact.gaussian.deviation.x * exact.gaussian.deviation.x * precision - 1) < 0.02)
    }

    @Test(
        "No step leads uphill, and three of them are nearly where a long search ends",
        arguments: [Likelihood.bernoulli, .gaussian()])
    func search(likelihood: Likelihood) throws {
        let fixture = try PosteriorFixture.load(likelihood)
        let model = try fixture.model(likelihood)
        let start = try Encoder(model, pool: pool).encode(fixture.pixels, count: count)
        let refined = try PosteriorRefiner(model, pool: pool).refine(start, of: fixture.pixels, count: count)
        let before = try costs(model, fixture.pixels, start.means)
        let after = try costs(model, fixture.pixels, refined.means)
        // Tries a step in each of four directions, and halves it where none is better.
        var places = start.means
        var least = before
        var step: Float = 0.5
        while step > 1e-4 {
            var hasMoved = false
            for (latent, sign) in [(0, Float(1)), (0, -1), (1, 1), (1, -1)] {
                let trial = places.indices.map { places[$0] + ($0 % 2 == latent ? sign * step : 0) }
                for (image, cost) in try costs(model, fixture.pixels, trial).enumerated()
                where cost < least[image] - 1e-7 {
                    (least[image], hasMoved) = (cost, true)
                    places[2 * image + latent] = trial[2 * image + latent]
                }
            }
            if !hasMoved { step /= 2 }
        }
        for image in 0..<count {
            #expect(after[image] <= before[image])
            #expect(after[image] < least[image] + 0.01, "\(before[image]) → \(least[image])")
        }
        #expect(zip(before, least).contains { $0 - $1 > 0.1 }, "there was something to gain")
    }

    @Test("On the shipped model's digits −ELBO is less than the encoder's")
    func shipped() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let model = try ModelFile.read(root.appending(path: "Models/mnist-2d.safetensors").path)
        let digits = try Dataset.sample(in: root.appending(path: "Resources").path, limit: 20)
        let images = digits.images(0..<digits.count)
        let encoded = try Encoder(model, pool: pool).encode(images, count: digits.count)
        let refined = try PosteriorRefiner(model, pool: pool).refine(encoded, of: images, count: digits.count)
        let evaluator = try Evaluator(model, pool: pool)
        func mean(_ posteriors: Posteriors) -> Double {
            Estimate(evaluator.evaluate(images, at: posteriors, count: digits.count, samples: 10).map(\.negativeELBO))
                .mean
        }
        #expect(mean(refined) < mean(encoded) - 1)
    }

    @Test("What is no number is left as the encoder has it")
    func notFinite() throws {
        let start = Posteriors(means: [0.5, 0.25], logVariances: [-1, -2])
        let refiner = try PosteriorRefiner(linearModel(weights: [.nan, 0, 0, 1]), pool: pool)
        #expect(refiner.refine(start, of: [1, 1], count: 1).means == start.means)
        let sharp = try PosteriorRefiner(linearModel(weights: [1, 0, 0, 1]), pool: pool)
        #expect(sharp.refine(start, of: [.infinity, 1], count: 1).means == start.means)
    }

    @Test("More than 32 latents are refused with a sentence")
    func latents() throws {
        _ = try PosteriorRefiner(linearModel(weights: Array(repeating: 0, count: 64), latents: 32), pool: pool)
        let model = try linearModel(weights: Array(repeating: 0, count: 66), latents: 33)
        #expect(throws: InferenceError.tooManyLatents(33)) { try PosteriorRefiner(model, pool: pool) }
        #expect(DecodedSpace.mostLatents == InferenceMethod.mostRefinedLatents)
    }
}

import Latent
import Neural
import Platform
import Testing
import VAE

@testable import Inference

@Suite("Whose answer is taken")
struct ImageInferenceTests {
    private let pool = WorkerPool(threads: 2)

    @Test("Each answer explains images better than the one before it, and the exact one is the mode of the posterior")
    func order() throws {
        let fixture = try PosteriorFixture.load(.bernoulli)
        let model = try fixture.model(.bernoulli)
        let (images, count) = (fixture.pixels, PosteriorFixture.count)
        let all = try InferenceMethod.allCases.map { method in
            try ImageInference(model, by: method, pool: pool).posteriors(of: images, count: count)
        }
        let encoded = try Encoder(model, pool: pool).encode(images, count: count)
        #expect(all[0] == encoded)
        let meter = try ReconstructionMeter(model, pool: pool)
        let costs = all.map { posteriors in
            meter.measure(images, at: posteriors.means, count: count).enumerated().map { image, loss in
                (0..<2).reduce(loss) {
                    $0 + 0.5 * Double(posteriors.means[2 * image + $1] * posteriors.means[2 * image + $1])
                }
            }
        }
        for image in 0..<count {
            #expect(costs[1][image] <= costs[0][image])
            #expect(costs[2][image] < costs[1][image] + 1e-3)
        }
        let exact = try ExactInference(model, pool: pool).posteriors(of: images, count: count)
        let variances = exact.flatMap { [$0.variance.x, $0.variance.y] }
        #expect(isClose(all[2].logVariances.map { exponential(Double($0)) }, variances, within: 1e-4))
    }

    @Test("What a model's latents do not allow is refused with a sentence")
    func refused() throws {
        let three = try linearModel(weights: Array(repeating: 0, count: 6), latents: 3)
        #expect(throws: InferenceError.latents(3)) { try ImageInference(three, by: .exact, pool: pool) }
        let many = try linearModel(weights: Array(repeating: 0, count: 66), latents: 33)
        #expect(throws: InferenceError.tooManyLatents(33)) { try ImageInference(many, by: .refined, pool: pool) }
        #expect(!InferenceMethod.exact.isPossible(latents: 1) && InferenceMethod.encoder.isPossible(latents: 33))
        #expect(!"\(InferenceError.tooManyLatents(33))".contains("\n"))
    }
}

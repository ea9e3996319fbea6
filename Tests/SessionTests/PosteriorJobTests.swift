import Inference
import Latent
import Neural
import Pictures
import Platform
import Testing
import VAE

@testable import Explorer
@testable import Session

@Suite("Exact posteriors of what is shown")
struct PosteriorJobTests {
    /// Two pixels, normal around weighted sums of the latents, 2 z₀ and z₀ + 3 z₁, with variance 1.
    private static func model(_ weights: [Float] = [2, 0, 1, 3]) throws -> Model {
        let image = try Shape([1, 1, 2])
        let architecture = try Architecture(
            input: image, latentSize: 2, likelihood: .gaussian(),
            encoder: [.flatten, .linear(inputs: 2, outputs: 4, bias: false)],
            decoder: [.linear(inputs: 2, outputs: 2, bias: false), .unflatten(image)])
        return try Model(
            architecture: architecture,
            tensors: [
                "encoder.1.weight": Tensor(extents: [4, 2], values: [0.5, 0, 0, 0.25, -1, -1, -2, 0]),
                "decoder.0.weight": Tensor(extents: [2, 2], values: weights),
            ])
    }

    private static let pixels: [Float] = [0.75, 0.25]
    private static let subject = ReconstructionSubject.picture(Picture(width: 2, height: 1, values: pixels))

    private func bench(_ engine: any LatentEngine) -> Workbench {
        Workbench(
            engine: engine, facts: ModelFacts(name: "small", latentCount: 2, width: 2, height: 1), dataset: nil,
            cloud: nil)
    }

    private func news(_ job: PosteriorJob, at bench: Workbench) -> [PosteriorNews] {
        var all: [PosteriorNews] = []
        for _ in 0..<100_000 where !job.isDone {
            for case .posterior(let news) in job.advance(at: bench, .milliseconds(3)) { all.append(news) }
        }
        return all
    }

    private func posteriors(_ news: [PosteriorNews]) -> [PlanePosterior] {
        news.compactMap { if case .found(let posterior) = $0 { posterior } else { nil } }
    }

    @Test("The plane is decoded first, the posterior seen at once, and what is lost told at the end")
    func whole() throws {
        let model = try Self.model()
        let bench = bench(ModelEngine(model, threads: 2))
        let all = news(PosteriorJob(Self.subject, against: .encoder), at: bench)
        guard case .surveying(let share)? = all.first else {
            Issue.record("the plane is decoded first")
            return
        }
        #expect(share > 0)
        let found = posteriors(all)
        #expect(found.count == 2 && found[0].gap == nil)
        let last = try #require(found.last)
        let gap = try #require(last.gap)
        let exact = try #require(
            try ExactInference(model, pool: WorkerPool(threads: 1)).posteriors(of: Self.pixels, count: 1).first)
        #expect(abs(gap.exact - exact.negativeLogEvidence) < 1e-3)
        #expect(abs(gap.shape - exact.approximationGap) < 1e-3)
        // μ = (0.375, 0.0625), log σ² = (−1, −1.5).
        let variances = [exponential(-1.0), exponential(-1.5)]
        let pixels = [0.75 - 0.75, 0.25 - 0.375 - 0.1875]
        let squares = pixels.reduce(0) { $0 + $1 * $1 } + 5 * variances[0] + 9 * variances[1]
        let divergence =
            0.5 * (0.375 * 0.375 + 0.0625 * 0.0625 + variances[0] + variances[1] + 2.5 - 2)
        #expect(abs(gap.negativeELBO - (0.5 * squares + 1.837_877_066 + divergence)) < 1e-4)
        #expect(!gap.isCut && gap.total > gap.shape)
        // Of a normal posterior the mode is the mean, here seen on points 1/16 apart or nearer.
        #expect(abs(Double(last.mode[0]) - exact.mean.x) < 0.05 && abs(Double(last.mode[1]) - exact.mean.y) < 0.05)
        #expect(abs(last.logMasses.reduce(0.0) { $0 + exponential(Double($1)) } - 1) < 1e-3)
    }

    @Test("The exact answer is the mode, decoded, with −log p in its parts, and what a refined one loses is measured")
    func answers() throws {
        let bench = bench(ModelEngine(try Self.model(), threads: 2))
        let exact = try #require(
            try ExactInference(try Self.model(), pool: WorkerPool(threads: 1))
                .posteriors(of: Self.pixels, count: 1).first)
        let last = try #require(posteriors(news(PosteriorJob(Self.subject, against: .exact), at: bench)).last)
        let found = try #require(last.reconstruction)
        #expect(found.inference == .exact && last.gap == nil && found.mean == last.mode)
        #expect(abs((found.loss ?? 0) + found.divergence - exact.negativeLogEvidence) < 1e-3)
        #expect(abs(found.decoded.values[0] - 2 * found.mean[0]) < 1e-5)
        #expect(abs(Double(found.deviations[0]) - exact.deviation.x) < 1e-3)
        // The posterior is a Gaussian: one step finds its mean, and only the shape is lost.
        let refined = try #require(posteriors(news(PosteriorJob(Self.subject, against: .refined), at: bench)).last)
        let gap = try #require(refined.gap)
        #expect(gap.inference == .refined && refined.reconstruction == nil)
        #expect(abs(gap.place) < 0.01 && gap.shape > 0.05)
    }

    @Test("An answer on the wider of two hills loses by its place at least nothing")
    func twoHills() throws {
        let gap = try #require(
            posteriors(news(PosteriorJob(Self.subject, against: .encoder), at: bench(try Self.hillyEngine()))).last?.gap
        )
        #expect(gap.place > -0.02 && gap.place < 0.3 && gap.shape > 0.05)
    }

    /// The first pixel is 20 z₀ or −z₀ / 2, so that 0.75 has a narrow hill and a wide one, on which the encoder puts all.
    private static func hillyEngine() throws -> ModelEngine {
        let image = try Shape([1, 1, 2])
        let architecture = try Architecture(
            input: image, latentSize: 2, likelihood: .gaussian(.fixed(0.04)),
            encoder: [.flatten, .linear(inputs: 2, outputs: 4, bias: true)],
            decoder: [
                .linear(inputs: 2, outputs: 2, bias: false), .activation(.relu),
                .linear(inputs: 2, outputs: 2, bias: false), .unflatten(image),
            ])
        let model = try Model(
            architecture: architecture,
            tensors: [
                "encoder.1.weight": Tensor(extents: [4, 2], values: Array(repeating: 0, count: 8)),
                "encoder.1.bias": Tensor(extents: [4], values: [-1.3, 0, -2, 0]),
                "decoder.0.weight": Tensor(extents: [2, 2], values: [20, 0, -0.5, 0]),
                "decoder.2.weight": Tensor(extents: [2, 2], values: [1, 1, 0, 0]),
            ])
        return ModelEngine(model, threads: 1)
    }

    @Test("Draws from a posterior far narrower than the map's squares spread as it does")
    func draws() throws {
        let bench = bench(ModelEngine(try Self.model(Self.narrow), threads: 1))
        let found = try #require(posteriors(news(PosteriorJob(Self.narrowSubject, against: .exact), at: bench)).last)
        var generator = SeededGenerator(seed: 1)
        let points = found.draws(4000, using: &generator)
        #expect(points.count == 4000)
        for (axis, place) in [0.7312, -1.0877].enumerated() {
            let away = points.map { Double($0[axis]) - place }
            let mean = away.reduce(0, +) / 4000
            let variance = away.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999
            #expect(abs(mean) < 0.002 && abs(variance.squareRoot() / 0.015 - 1) < 0.1)
        }
    }

    /// Weights whose posteriors have deviations of 0.015, and pixels that belong to (0.7312, −1.0877).
    private static let narrow: [Float] = [1 / 0.015, 0, 0, 1 / 0.015]
    private static let narrowSubject = ReconstructionSubject.picture(
        Picture(width: 2, height: 1, values: [0.7312 / 0.015, -1.0877 / 0.015]))

    @Test("The next image finds the plane decoded")
    func kept() throws {
        let bench = bench(ModelEngine(try Self.model(), threads: 1))
        _ = news(PosteriorJob(Self.subject, against: .encoder), at: bench)
        let other = ReconstructionSubject.picture(Picture(width: 2, height: 1, values: [0, 1]))
        let all = news(PosteriorJob(other, against: .encoder), at: bench)
        #expect(all.count == 2 && posteriors(all).count == 2)
    }

    @Test("Another answer for the same image asks only what it loses, and finds the same posterior")
    func asked() throws {
        let bench = bench(ModelEngine(try Self.model(Self.narrow), threads: 1))
        func pieces(_ method: InferenceMethod) throws -> (count: Int, last: PlanePosterior) {
            let job = PosteriorJob(Self.narrowSubject, against: method)
            var (count, all): (Int, [PosteriorNews]) = (0, [])
            while !job.isDone && count < 10_000 {
                for case .posterior(let news) in job.advance(at: bench, .zero) { all.append(news) }
                count += 1
            }
            return (count, try #require(posteriors(all).last))
        }
        let first = try pieces(.encoder)
        let second = try pieces(.refined)
        #expect(first.count > 10 && second.count == 2)
        #expect(second.last.logMasses == first.last.logMasses && second.last.mode == first.last.mode)
        #expect(second.last.gap?.inference == .refined && second.last.gap?.exact == first.last.gap?.exact)
        #expect(abs(second.last.gap?.place ?? 9) < 0.01)
        #expect(try pieces(.exact).last.reconstruction != nil)
    }

    @Test("Engines without posteriors say so, and pictures of other sizes are nobody's")
    func nothing() throws {
        #expect(
            news(PosteriorJob(Self.subject, against: .encoder), at: bench(FakeEngine(log: EngineLog()))) == [
                .unavailable
            ])
        let large = ReconstructionSubject.picture(Picture(width: 2, height: 2, values: [0, 0, 0, 0]))
        let bench = bench(ModelEngine(try Self.model(), threads: 1))
        #expect(posteriors(news(PosteriorJob(large, against: .encoder), at: bench)).isEmpty)
    }
}

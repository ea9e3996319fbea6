import Datasets
import Neural
import Platform
import Testing
import VAE

@testable import Inference

@Suite("The best Gaussian of a posterior with two hills")
struct BestGaussianTests {
    /// log of a density of two hills: a narrow high one at (1, 0), and a wide one at (−1, 0) with most of the mass.
    private func density(_ place: SIMD2<Double>) -> Double {
        func hill(_ middle: SIMD2<Double>, _ deviation: Double, _ height: Double) -> Double {
            let away = (place - middle) / deviation
            return height - 0.5 * (away * away).sum()
        }
        let (narrow, wide) = (hill(SIMD2(1, 0), 0.05, 0), hill(SIMD2(-1, 0), 0.3, -1))
        return max(narrow, wide) + logarithm(1 + exponential(-abs(narrow - wide)))
    }

    /// The density at points 1/32 apart.
    private func withPosterior(_ body: (PosteriorBlocks) -> Void) {
        let blocks = (14..<34).flatMap { column in
            (18..<30).map { PlaneBlock(level: 1, column: column, row: $0) }
        }
        let spacing = PlaneLattice.spacing(1)
        let values = blocks.flatMap { block in
            (0..<PlaneBlock.points).map { point in
                let step = SIMD2(Double(point % PlaneBlock.side), Double(point / PlaneBlock.side))
                return Float(density(PlaneLattice.origin(block) + spacing * step) + 2 * logarithm(spacing))
            }
        }
        values.withUnsafeBufferPointer { body(PosteriorBlocks(blocks: blocks, values: $0)) }
    }

    /// ELBO of a Gaussian by Gauss and Hermite's points.
    private func bound(of gaussian: PlaneGaussian) -> Double {
        let (points, weights) = gaussian.quadrature
        return weights.indices.reduce(gaussian.entropy) {
            $0 + weights[$1] * density(SIMD2(Double(points[2 * $1]), Double(points[2 * $1 + 1])))
        }
    }

    @Test("It is no worse than an answer on the wider hill, which the densest place alone does not lead to")
    func wider() {
        let answer = PlaneGaussian(mean: SIMD2(-0.95, 0.02), deviation: SIMD2(0.25, 0.3))
        withPosterior { posterior in
            #expect(posterior.bestGaussian(beside: nil).bound < bound(of: answer) - 1)
            let best = posterior.bestGaussian(beside: answer)
            #expect(best.bound > bound(of: answer) - 1e-3 && best.bound < posterior.evidence)
            #expect(abs(best.gaussian.mean.x + 1) < 0.02 && abs(best.gaussian.deviation.x - 0.3) < 0.02)
        }
    }

    @Test(
        "An answer on a worse hill, far from all, or that is no number, does not count",
        arguments: [SIMD2(1.02, 0), SIMD2(5, 5), SIMD2(.nan, 0)])
    func worse(mean: SIMD2<Double>) {
        let wide = PlaneGaussian(mean: SIMD2(-1, 0), deviation: SIMD2(0.3, 0.3))
        withPosterior { posterior in
            let highest = posterior.bestGaussian(beside: nil)
            let found = posterior.bestGaussian(beside: PlaneGaussian(mean: mean, deviation: wide.deviation / 6))
            #expect(abs(found.bound - highest.bound) < 1e-3)
        }
    }

    @Test("What evaluate says the encoder's place loses is never less than nothing")
    func evaluated() throws {
        let model = try twoHills()
        let dataset = Dataset(name: "two hills", split: .test, height: 1, width: 2, pixels: [255, 0])
        var evaluator = ModelEvaluator()
        (evaluator.isExact, evaluator.samples) = (true, 2000)
        let exact = try #require(
            try evaluator.evaluate(model, on: dataset, pool: WorkerPool(threads: 1)).exact)
        #expect(exact.amortizationGap.mean > -0.05 && exact.amortizationGap.mean < 0.3)
    }

    /// The first pixel is 8 z₀ or −z₀, so that a white one has a narrow hill at 1/8 and a wide one at −1, where the
    /// encoder puts all images.
    private func twoHills() throws -> Model {
        let image = try Shape([1, 1, 2])
        let architecture = try Architecture(
            input: image, latentSize: 2, likelihood: .gaussian(.fixed(0.16)),
            encoder: [.flatten, .linear(inputs: 2, outputs: 4, bias: true)],
            decoder: [
                .linear(inputs: 2, outputs: 2, bias: false), .activation(.relu),
                .linear(inputs: 2, outputs: 2, bias: false), .unflatten(image),
            ])
        return try Model(
            architecture: architecture,
            tensors: [
                "encoder.1.weight": Tensor(extents: [4, 2], values: Array(repeating: 0, count: 8)),
                "encoder.1.bias": Tensor(extents: [4], values: [-0.9, 0, -2, 0]),
                "decoder.0.weight": Tensor(extents: [2, 2], values: [8, 0, -1, 0]),
                "decoder.2.weight": Tensor(extents: [2, 2], values: [1, 1, 0, 0]),
            ])
    }
}

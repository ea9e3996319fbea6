import Datasets
import Latent
import Neural
import Testing

@testable import Inference
@testable import VAE

@Suite("Evaluating a model")
struct ModelEvaluatorTests {
    private let pool = WorkerPool(threads: 2)

    /// Gray squares in steps of 1/255, so that bytes hold them.
    private func dataset(count: Int = 12, side: Int = 4) -> Dataset {
        Dataset(
            name: "squares", split: .test, height: side, width: side,
            pixels: (0..<count * side * side).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 16) })
    }

    @Test("−ELBO is reconstruction plus KL, and bounds of −log p come in their order")
    func order() throws {
        let model = try PosteriorFixture.load(.bernoulli).model(.bernoulli)
        var evaluator = ModelEvaluator()
        evaluator.isExact = true
        evaluator.samples = 200
        evaluator.importanceSamples = 200
        let found = try evaluator.evaluate(model, on: dataset(), pool: pool)
        let exact = try #require(found.exact)
        let bound = try #require(found.importanceBound)
        #expect(found.images == 12)
        #expect(abs(found.negativeELBO.mean - found.reconstruction.mean - found.kl.mean) < 1e-9)
        #expect(abs(found.kl.mean - found.divergences.reduce(0) { $0 + $1.mean }) < 1e-9)
        #expect(exact.negativeLogEvidence.mean < exact.gaussianNegativeELBO.mean)
        #expect(exact.gaussianNegativeELBO.mean < found.negativeELBO.mean)
        #expect(abs(bound.mean - exact.negativeLogEvidence.mean) < 0.2, "the bound is tight with many samples")
        #expect(bound.mean < found.negativeELBO.mean)
        let gaps = exact.approximationGap.mean + exact.amortizationGap.mean
        #expect(abs(exact.negativeLogEvidence.mean + gaps - found.negativeELBO.mean) < 1e-9)
    }

    @Test("A latent that no image moves is not active")
    func activity() throws {
        let fixture = try PosteriorFixture.load(.bernoulli)
        let original = try fixture.model(.bernoulli)
        var tensors = original.tensors
        // The encoder's first mean grows, and the second becomes a constant.
        var weight = tensors["encoder.3.weight"]?.values ?? []
        for place in 0..<8 { weight[place] *= 5 }
        weight.replaceSubrange(8..<16, with: Array(repeating: 0, count: 8))
        tensors["encoder.3.weight"] = Tensor(extents: [4, 8], values: weight)
        let model = try Model(architecture: original.architecture, tensors: tensors)
        let found = try ModelEvaluator().evaluate(model, on: dataset(count: 40), pool: pool)
        let activities = try #require(found.activities)
        #expect(activities[1] < 1e-9)
        #expect(activities[0] > 0.01)
        #expect(found.activeUnits == 1)
    }

    @Test("The same seed gives the same figures, whatever the threads and however many images follow")
    func determinism() throws {
        let model = try PosteriorFixture.load(.bernoulli).model(.bernoulli)
        var evaluator = ModelEvaluator()
        evaluator.pixels = .sampled
        evaluator.importanceSamples = 5
        let one = try evaluator.evaluate(model, on: dataset(), pool: WorkerPool(threads: 1))
        let other = try evaluator.evaluate(model, on: dataset(), pool: WorkerPool(threads: 3))
        #expect(one == other)
        evaluator.seed = 1
        #expect(try evaluator.evaluate(model, on: dataset(), pool: pool) != one)
    }

    @Test("Weights and figures that are not finite are refused with a sentence")
    func notFinite() throws {
        let original = try PosteriorFixture.load(.bernoulli).model(.bernoulli)
        var tensors = original.tensors
        tensors["decoder.2.bias"] = Tensor(extents: [16], values: [.nan] + Array(repeating: 0, count: 15))
        let model = try Model(architecture: original.architecture, tensors: tensors)
        #expect(throws: EvaluationError.tensorNotFinite(TensorNotFinite(name: "decoder.2.bias"))) {
            try ModelEvaluator().evaluate(model, on: dataset(), pool: pool)
        }
        var large = original.tensors
        large["decoder.2.weight"] = Tensor(extents: [16, 16], values: Array(repeating: 3e38, count: 256))
        let overflowing = try Model(architecture: original.architecture, tensors: large)
        #expect(throws: EvaluationError.figureNotFinite) {
            try ModelEvaluator().evaluate(overflowing, on: dataset(), pool: pool)
        }
    }

    @Test("Images of another size, and no images, are refused")
    func wrongImages() throws {
        let model = try PosteriorFixture.load(.bernoulli).model(.bernoulli)
        #expect(throws: EvaluationError.wrongImages(found: "1×5×5", expected: "1×4×4")) {
            try ModelEvaluator().evaluate(model, on: dataset(count: 2, side: 5), pool: pool)
        }
        #expect(throws: EvaluationError.noImages) {
            try ModelEvaluator().evaluate(model, on: dataset().prefix(0), pool: pool)
        }
    }

    @Test("A standard error is the deviation over the root of the count")
    func estimate() {
        let estimate = Estimate([1, 2, 3, 6])
        #expect(estimate.mean == 3)
        // Squares 4 + 1 + 0 + 9 = 14; variance 14/3.
        #expect(abs((estimate.standardError ?? 0) - (14.0 / 3 / 4).squareRoot()) < 1e-12)
        #expect(Estimate([5]) == Estimate(mean: 5, standardError: nil))
    }

    @Test("One image tells neither standard errors nor which latents are active")
    func oneImage() throws {
        let model = try PosteriorFixture.load(.bernoulli).model(.bernoulli)
        let found = try ModelEvaluator().evaluate(model, on: dataset(count: 1), pool: pool)
        #expect(found.negativeELBO.standardError == nil && found.divergences.allSatisfy { $0.standardError == nil })
        #expect(found.activities == nil && found.activeUnits == nil && found.isFinite)
    }
}

@Suite("What the likelihood is measured on")
struct PixelTreatmentTests {
    private func treated(_ treatment: PixelTreatment, _ pixels: [Float], seed: UInt64 = 0, index: Int = 0) -> [Float] {
        var pixels = pixels
        pixels.withUnsafeMutableBufferPointer { treatment.apply(to: $0, seed: seed, index: index) }
        return pixels
    }

    @Test("Gray stays, and a threshold is one from a half on")
    func threshold() {
        let pixels: [Float] = [0, 0.49, 0.5, 1]
        #expect(treated(.gray, pixels) == pixels)
        #expect(treated(.threshold, pixels) == [0, 0, 1, 1])
    }

    @Test("Sampled pixels are 0 or 1, as often 1 as they are bright, other ones for each seed and image")
    func sampled() {
        let pixels = [Float](repeating: 0.25, count: 20_000)
        let drawn = treated(.sampled, pixels)
        #expect(drawn.allSatisfy { $0 == 0 || $0 == 1 })
        #expect(abs(drawn.reduce(0, +) / 20_000 - 0.25) < 0.02)
        #expect(treated(.sampled, pixels) == drawn)
        #expect(treated(.sampled, pixels, seed: 1) != drawn)
        #expect(treated(.sampled, pixels, index: 1) != drawn)
        #expect(treated(.sampled, [0, 1, 0, 1]) == [0, 1, 0, 1])
    }
}

@Suite("Posterior and importance samples")
struct EvaluatorTests {
    @Test("With PyTorch's noise, the terms are PyTorch's", arguments: [Likelihood.bernoulli, .gaussian()])
    func agreesWithPyTorch(likelihood: Likelihood) throws {
        let fixture = try PosteriorFixture.load(likelihood)
        let evaluator = try Evaluator(try fixture.model(likelihood), pool: WorkerPool(threads: 2))
        let found = evaluator.evaluate(
            fixture.pixels, count: PosteriorFixture.count, samples: 3, importanceSamples: 7,
            noise: fixture.noise.map(Float.init))
        #expect(isClose(found.map(\.reconstruction), fixture.reconstruction, within: 2e-5))
        #expect(isClose(found.flatMap(\.divergences), fixture.kl, within: 1e-5))
        #expect(isClose(found.compactMap(\.importanceBound), fixture.importanceBound, within: 2e-5))
    }
}

@Suite("Whose posteriors are measured")
struct MeasuredInferenceTests {
    private let pool = WorkerPool(threads: 2)

    @Test("Exact posteriors' −ELBO is −log p, and refined ones come between it and the encoder's")
    func methods() throws {
        let fixture = try PosteriorFixture.load(.bernoulli)
        let model = try fixture.model(.bernoulli)
        let dataset = Dataset(
            name: "made", split: .test, height: 4, width: 4, pixels: fixture.pixels.map { UInt8($0 * 255) })
        func evaluation(_ inference: InferenceMethod) throws -> ModelEvaluation {
            var evaluator = ModelEvaluator()
            evaluator.inference = inference
            evaluator.samples = 200
            evaluator.isExact = inference == .refined
            return try evaluator.evaluate(model, on: dataset, pool: pool)
        }
        let (encoder, refined, exact) = (try evaluation(.encoder), try evaluation(.refined), try evaluation(.exact))
        let evidence = try #require(refined.exact?.negativeLogEvidence.mean)
        #expect(abs(exact.negativeELBO.mean - evidence) < 1e-6)
        #expect(abs(exact.reconstruction.mean + exact.kl.mean - evidence) < 1e-6)
        #expect(exact.divergences.isEmpty && exact.latents == 2 && exact.activities?.count == 2)
        #expect(exact.importanceBound == nil && exact.exact == nil)
        #expect(evidence < refined.negativeELBO.mean && refined.negativeELBO.mean < encoder.negativeELBO.mean - 0.1)
    }

    @Test("What a model's latents do not allow is said before anything is measured")
    func refused() throws {
        let model = try linearModel(weights: Array(repeating: 0, count: 66), latents: 33)
        let dataset = Dataset(name: "made", split: .test, height: 1, width: 2, pixels: [0, 255])
        var evaluator = ModelEvaluator()
        evaluator.inference = .refined
        #expect(throws: EvaluationError.inference(.tooManyLatents(33))) {
            try evaluator.evaluate(model, on: dataset, pool: pool)
        }
    }
}

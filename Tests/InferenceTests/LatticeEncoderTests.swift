import Neural
import Platform
import Testing
import VAE

@testable import Inference

@Suite("Lattice encoder")
struct LatticeEncoderTests {
    /// A linear Gaussian decoder of four pixels, whose posteriors are known: precision I + WᵀW/σ².
    private func model(
        points: Int, rank: Int = 4, latents: Int = 2, likelihood: Likelihood = .gaussian()
    ) throws -> Model {
        let image = try Shape([1, 2, 2])
        var decoder: [Operation] = [.linear(inputs: latents, outputs: 4, bias: true), .unflatten(image)]
        if likelihood == .bernoulli { decoder.append(.activation(.sigmoid)) }
        let architecture = try Architecture(
            input: image, latentSize: latents, likelihood: likelihood,
            encoder: LatticeEncoder.layers(pixels: 4, rank: rank, points: points, latentSize: latents),
            decoder: decoder)
        var tensors = architecture.initialTensors(seed: 3)
        tensors["decoder.0.weight"] = Tensor(
            extents: [4, latents], values: (0..<4 * latents).map { [1.5, 0.4, -0.3, 1.1, 0.7, -0.6, 0.2, 0.9][$0] })
        return try Model(architecture: architecture, tensors: tensors)
    }

    /// The model with its encoder computed.
    private func derived(_ model: Model, beta: Double = 1, threads: Int = 1) throws -> Model {
        let encoder = try #require(LatticeEncoder(model.architecture))
        let tensors = encoder.tensors(for: model.tensors, beta: beta, pool: WorkerPool(threads: threads))
        return try Model(architecture: model.architecture, tensors: model.tensors.merging(tensors) { $1 })
    }

    private func posteriors(_ model: Model, _ images: [Float]) throws -> [Float] {
        let plan = Plan(
            inference: try #require(model.architecture.encoder), tensors: model.tensors, capacity: 8,
            pool: WorkerPool(threads: 1))
        plan.loadImages(images, count: images.count / 4)
        plan.forward(count: images.count / 4)
        return Array(UnsafeBufferPointer(start: plan.output(), count: images.count / 4 * 4))
    }

    private static let images: [Float] = [0.9, 0.1, 0.4, 0.7, 0, 1, 0.5, 0.25]

    @Test("It is what PyTorch finds on the same points", arguments: [Likelihood.bernoulli, .gaussian(.fixed(0.5))])
    func agreesWithPyTorch(likelihood: Likelihood) throws {
        let fixture = try LatticeFixture.load(likelihood)
        let derived = try derived(fixture.model(likelihood))
        let last = try #require(derived.tensors["encoder.4.weight"]).values.map(Double.init)
        func columns(_ values: ArraySlice<Double>) -> [Double] {
            (0..<37).flatMap { [values[values.startIndex + $0], values[values.startIndex + 37 + $0]] }
        }
        #expect(isClose(columns(last[..<74]), fixture.points, within: 1e-6))
        // By differences of the decoder; there, by its exact derivatives.
        #expect(isClose(columns(last[74...]), fixture.logVariances, within: 5e-3))
        let plan = Plan(
            inference: try #require(derived.architecture.encoder), tensors: derived.tensors, capacity: 5,
            pool: WorkerPool(threads: 1)
        )
        plan.loadImages(fixture.images.map(Float.init), count: 5)
        plan.forward(count: 5)
        let means = (0..<5).flatMap { [Double(plan.output()[4 * $0]), Double(plan.output()[4 * $0 + 1])] }
        #expect(isClose(means, fixture.means, within: 1e-4))
    }

    @Test("Its means and variances are the exact posterior's", arguments: [Likelihood.gaussian(), .bernoulli])
    func agrees(likelihood: Likelihood) throws {
        let model = try model(points: 2000, likelihood: likelihood)
        let exact = try ExactInference(model, pool: WorkerPool(threads: 1)).posteriors(of: Self.images, count: 2)
        let found = try posteriors(try derived(model), Self.images)
        for (index, posterior) in exact.enumerated() {
            #expect(abs(Double(found[4 * index]) - posterior.mean.x) < 0.01)
            #expect(abs(Double(found[4 * index + 1]) - posterior.mean.y) < 0.01)
            // Of a Gaussian posterior the best variances with independent latents are one over the precision's diagonal.
            let deviation = posterior.gaussian.deviation
            #expect(abs(exponential(Double(found[4 * index + 2])) / (deviation.x * deviation.x) - 1) < 0.1)
            #expect(abs(exponential(Double(found[4 * index + 3])) / (deviation.y * deviation.y) - 1) < 0.1)
        }
    }

    @Test("The pixels' variance counts, fixed or learned", arguments: [Likelihood.Variance.fixed(0.5), .learned])
    func variance(variance: Likelihood.Variance) throws {
        let model = try model(points: 2000, likelihood: .gaussian(variance))
        let exact = try ExactInference(model, pool: WorkerPool(threads: 1)).posteriors(of: Self.images, count: 2)
        let found = try posteriors(try derived(model), Self.images)
        for (index, posterior) in exact.enumerated() {
            #expect(abs(Double(found[4 * index]) - posterior.mean.x) < 0.01)
            let deviation = posterior.gaussian.deviation
            #expect(abs(exponential(Double(found[4 * index + 2])) / (deviation.x * deviation.x) - 1) < 0.02)
        }
    }

    @Test("Under β it is the posterior of pixels whose variance is β times as large")
    func beta() throws {
        let found = try posteriors(try derived(model(points: 2000), beta: 4), Self.images)
        let wider = try posteriors(try derived(model(points: 2000, likelihood: .gaussian(.fixed(4)))), Self.images)
        #expect(zip(found, wider).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test("Two directions are enough where the decoder has no more, and one is not")
    func rank() throws {
        let whole = try posteriors(try derived(model(points: 500)), Self.images)
        let two = try posteriors(try derived(model(points: 500, rank: 2)), Self.images)
        let one = try posteriors(try derived(model(points: 500, rank: 1)), Self.images)
        #expect(zip(whole, two).allSatisfy { abs($0 - $1) < 1e-3 })
        #expect(zip(whole, one).contains { abs($0 - $1) > 0.05 })
    }

    @Test("One latent has its points on a segment")
    func oneLatent() throws {
        let model = try model(points: 300, latents: 1)
        let derived = try derived(model)
        let plan = Plan(
            inference: try #require(derived.architecture.encoder), tensors: derived.tensors, capacity: 1,
            pool: WorkerPool(threads: 1)
        )
        plan.loadImages(Array(Self.images[..<4]), count: 1)
        plan.forward(count: 1)
        // Precision 1 + Σ w², mean Σ w (x − b) over it.
        let weights = try #require(model.tensors["decoder.0.weight"]).values
        let biases = try #require(model.tensors["decoder.0.bias"]).values
        let precision = 1 + weights.reduce(0) { $0 + $1 * $1 }
        let mean = (0..<4).reduce(Float(0)) { $0 + weights[$1] * (Self.images[$1] - biases[$1]) } / precision
        #expect(abs(plan.output()[0] - mean) < 1e-3)
        #expect(abs(exponential(plan.output()[1]) * precision - 1) < 1e-2)
    }

    @Test("The number of threads changes nothing")
    func threads() throws {
        let model = try model(points: 700)
        #expect(try derived(model).tensors == derived(model, threads: 3).tensors)
    }

    @Test("A decoder that makes the same of every point gives the prior")
    func collapsed() throws {
        var model = try model(points: 1500)
        var tensors = model.tensors
        tensors["decoder.0.weight"] = Tensor(extents: [4, 2], values: Array(repeating: 0, count: 8))
        model = try Model(architecture: model.architecture, tensors: tensors)
        let found = try posteriors(try derived(model), Self.images)
        #expect(found.allSatisfy { abs($0) < 0.01 })
    }

    @Test("Other encoders are none, and neither are such of more latents than the plane's")
    func others() throws {
        let image = try Shape([1, 2, 2])
        func recognized(_ layers: [Operation], latents: Int) throws -> Bool {
            let architecture = try Architecture(
                input: image, latentSize: latents, likelihood: .gaussian(), encoder: layers,
                decoder: [.linear(inputs: latents, outputs: 4, bias: true), .unflatten(image)])
            return LatticeEncoder(architecture) != nil
        }
        let right = LatticeEncoder.layers(pixels: 4, rank: 2, points: 9, latentSize: 2)
        #expect(try recognized(right, latents: 2))
        #expect(try !recognized([.flatten, .linear(inputs: 4, outputs: 4, bias: true)], latents: 2))
        var other = right
        other[3] = .activation(.tanh)
        #expect(try !recognized(other, latents: 2))
        #expect(
            try !recognized(LatticeEncoder.layers(pixels: 4, rank: 2, points: 9, latentSize: 3), latents: 3))
        #expect(
            try !recognized(LatticeEncoder.layers(pixels: 4, rank: 4, points: 3, latentSize: 2), latents: 2),
            "fewer points than directions")
    }
}

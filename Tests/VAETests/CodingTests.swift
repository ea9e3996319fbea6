import Neural
import Testing
import VAE

@Suite("Encoder and decoder")
struct CodingTests {
    private func images(_ count: Int) -> [Float] { (0..<count * 64).map { Float($0 * 7919 % 256) / 255 } }

    @Test("Results do not depend on the number of threads or the size of the batch beyond rounding")
    func threadsAndBatches() throws {
        let model = try Model.small()
        let latents = (0..<46).map { Float($0 % 13) / 3 - 2 }
        let reference = Decoder(model, pool: WorkerPool(threads: 1), maximumBatch: 64).decode(latents, count: 23)
        let posteriors = try Encoder(model, pool: WorkerPool(threads: 1), maximumBatch: 64).encode(
            images(23), count: 23)
        for (threads, batch) in [(1, 1), (2, 1), (2, 5), (4, 64)] {
            let pool = WorkerPool(threads: threads)
            let decoded = Decoder(model, pool: pool, maximumBatch: batch).decode(latents, count: 23)
            #expect(zip(decoded, reference).allSatisfy { abs($0 - $1) < 1e-5 })
            let encoded = try Encoder(model, pool: pool, maximumBatch: batch).encode(images(23), count: 23)
            #expect(zip(encoded.means, posteriors.means).allSatisfy { abs($0 - $1) < 1e-5 })
            #expect(zip(encoded.logVariances, posteriors.logVariances).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test("Decoded pixels are means in 0…1, and differ from point to point")
    func range() throws {
        let decoded = Decoder(try Model.small(), pool: WorkerPool(threads: 1)).decode([-2, 1, 2, -1], count: 2)
        #expect(decoded.allSatisfy { (0...1).contains($0) })
        #expect(Array(decoded[..<64]) != Array(decoded[64...]))
    }

    @Test("Colour images go in and out with their channels outermost")
    func colour() throws {
        // The identity, as a 1×1 convolution: what goes in must come out, in the same order.
        let identity = Operation.convolution(Convolution(inputs: 3, outputs: 3, kernel: Extent(1), bias: false))
        let network = try Network(sequential: [identity], input: Shape([3, 2, 2]), name: "layer")
        let plan = Plan(network, purpose: .inference, capacity: 2, pool: WorkerPool(threads: 1))
        plan.load(["layer.0.weight": Tensor(extents: [3, 3, 1, 1], values: [1, 0, 0, 0, 1, 0, 0, 0, 1])])
        let images = (0..<24).map(Float.init)
        images.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { plan.loadImages(base, count: 2) }
        }
        plan.forward(count: 2)
        #expect(Array(UnsafeBufferPointer(start: plan.output(), count: 24)) == images)
    }

    @Test("The KL term and the reconstruction are the formulas' values")
    func terms() {
        #expect(abs(Objective.divergence(mean: 0, logVariance: 0)) < 1e-12)
        // ½ (1 + e − 1 − 1) for μ = 1, log σ² = 1.
        #expect(abs(Objective.divergence(mean: 1, logVariance: 1) - 0.5 * (2.718281828 - 1)) < 1e-6)
        let (outputs, images): ([Float], [Float]) = ([0, 2, -30, 40], [1, 0.25, 0, 1])
        // −x log σ(l) − (1 − x) log(1 − σ(l)), from the sigmoid: log 2, then log(1 + e²) − ½, then about 0.
        let bernoulli = Objective.reconstruction(.bernoulli, outputs, images, elements: 4)
        #expect(abs(bernoulli - (0.693147181 + 2.126928011 - 0.5)) < 1e-5)
        let gaussian = Objective.reconstruction(.gaussian(logVariance: 0), [1, 3], [0, 1], elements: 2)
        #expect(abs(gaussian - (2.5 + 1.837877066)) < 1e-6)
    }

    @Test("An evaluation is repeatable, and its noise belongs to the image")
    func evaluation() throws {
        let model = try Model.small()
        let evaluator = try Evaluator(model, pool: WorkerPool(threads: 2))
        let all = evaluator.evaluate(images(6), count: 6, samples: 3, seed: 5)
        let some = evaluator.evaluate(Array(images(6)[(2 * 64)...]), count: 4, samples: 3, seed: 5, firstIndex: 2)
        for (left, right) in zip(all[2...], some) {
            #expect(abs(left.negativeELBO - right.negativeELBO) < 1e-4)
        }
        #expect(all.allSatisfy { $0.kl >= 0 && $0.reconstruction > 0 })
        let other = evaluator.evaluate(images(6), count: 6, samples: 3, seed: 6)
        #expect(other[0].reconstruction != all[0].reconstruction)
    }
}

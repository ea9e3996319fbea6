import Neural
import Testing

@testable import VAE

@Suite("Reconstruction losses")
struct ReconstructionMeterTests {
    @Test(
        "At the means they are what an evaluation without noise finds, in batches of any size", arguments: [1, 3, 64])
    func agreesWithEvaluation(batch: Int) throws {
        let model = try Model.small()
        let pool = WorkerPool(threads: 2)
        let count = 7
        let images = (0..<count * 64).map { Float($0 * 31 % 97) / 96 }
        let terms = try Evaluator(model, pool: pool).evaluate(
            images, count: count, samples: 1, importanceSamples: 0, noise: Array(repeating: 0, count: 2 * count))
        let losses = try ReconstructionMeter(model, pool: pool, maximumBatch: batch)
            .measure(images, at: terms.flatMap(\.means), count: count)
        #expect(losses.count == count)
        for (loss, terms) in zip(losses, terms) { #expect(abs(loss - terms.reconstruction) < 1e-4) }
    }
}

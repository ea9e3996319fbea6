import AllocationCounter
import Neural
import Testing
import Training
import VAE

@Suite("Allocations of a step")
struct StepAllocationTests {
    #if DEBUG
        private static let isOptimized = false
    #else
        private static let isOptimized = true
    #endif

    @Test(
        "A training step allocates nothing, whatever it does",
        .enabled(if: isOptimized, "holds in an optimized build only, as make test makes it"), arguments: [1, 2])
    func nothing(threads: Int) throws {
        let architecture = try Recipe.named("keras-example")?.architecture(
            NetworkRequest(latentSize: 4, likelihood: .gaussian(.learned)))
        let network = try #require(architecture)
        let step = TrainingStep(
            network, tensors: network.initialTensors(seed: 1), batchSize: 12, pool: WorkerPool(threads: threads),
            optimization: Optimization(optimizer: .adamW(weightDecay: 0.1), gradientClip: 0.1, averaging: 0.99))
        let images = [Float](repeating: 0.5, count: 12 * 784)
        let allocations = images.withUnsafeBufferPointer { images -> Int in
            guard let base = images.baseAddress else { return -1 }
            func go() {
                _ = step.computeGradients(images: base, count: 12, beta: 0.5, freeBits: 0.1) { noise in
                    var generator = CounterGenerator(seed: 1, purpose: .posteriorNoise)
                    if let start = noise.baseAddress { generator.fillNormal(start, count: noise.count) }
                }
                step.applyGradients(learningRate: 1e-3, gradientNorm: step.gradientNorm)
            }
            // OpenBLAS takes its own memory at the first product.
            go()
            allocation_counter_start()
            for _ in 0..<5 { go() }
            return allocation_counter_stop()
        }
        #expect(allocations == 0)
    }
}

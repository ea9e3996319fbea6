import AllocationCounter
import Neural
import Testing
import VAE

@Suite("Allocations")
struct AllocationTests {
    @Test("The counter counts")
    func counts() {
        allocation_counter_start()
        let array = [Float](repeating: 1, count: Int.random(in: 100...200))
        let count = allocation_counter_stop()
        #expect(count >= 1 && array.count >= 100)
    }

    #if DEBUG
        /// Without optimization Swift boxes what it keeps in registers otherwise.
        private static let isOptimized = false
    #else
        private static let isOptimized = true
    #endif

    @Test(
        "A decode allocates nothing once the decoder is made",
        .enabled(if: isOptimized, "holds in an optimized build only, as make test makes it"),
        arguments: [1, 2], [1, 7, 40])
    func decodeAllocatesNothing(threads: Int, count: Int) throws {
        let model = try Model.small()
        let decoder = Decoder(model, pool: WorkerPool(threads: threads), maximumBatch: 16)
        let latents = [Float](repeating: 0.5, count: count * 2)
        var images = [Float](repeating: 0, count: count * model.architecture.image.count)
        let allocations = images.withUnsafeMutableBufferPointer { images in
            latents.withUnsafeBufferPointer { latents -> Int in
                guard let from = latents.baseAddress, let to = images.baseAddress else { return -1 }
                // OpenBLAS takes its own memory at the first product.
                decoder.decode(from, count: count, into: to)
                allocation_counter_start()
                for _ in 0..<10 { decoder.decode(from, count: count, into: to) }
                return allocation_counter_stop()
            }
        }
        #expect(allocations == 0)
    }
}

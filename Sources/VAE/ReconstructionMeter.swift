import Neural

/// Measures −log p(x|z), how badly points of the latent space explain images.
///
/// A meter belongs to one thread at a time; it shares its work with the threads of its pool.
public final class ReconstructionMeter {
    private let plan: Plan
    private let distribution: PixelDistribution
    private let pool: WorkerPool
    /// Values of one image, and of one point.
    private let elements: Int
    private let latentSize: Int

    /// - Parameter maximumBatch: how many points go through the network together; more are measured in turns.
    public init(_ model: Model, pool: WorkerPool, maximumBatch: Int = 64) {
        distribution = model.architecture.likelihood.distribution(model.tensors)
        elements = model.architecture.input.count
        latentSize = model.architecture.latentSize
        self.pool = pool
        plan = Plan(
            inference: model.architecture.objectiveDecoder, tensors: model.tensors, capacity: maximumBatch, pool: pool)
    }

    /// −log p(x|z) of `count` images at a point each, in nats.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - latents: `[count, latentSize]`.
    /// - Precondition: both hold what they should.
    public func measure(_ images: [Float], at latents: [Float], count: Int) -> [Double] {
        precondition(images.count == count * elements && latents.count == count * latentSize, "a point for each image")
        var results: [Double] = []
        results.reserveCapacity(count)
        var part = [Double](repeating: 0, count: plan.capacity)
        for start in stride(from: 0, to: count, by: plan.capacity) {
            let pairs = start..<min(count, start + plan.capacity)
            for place in 0..<pairs.count * latentSize { input[place] = latents[start * latentSize + place] }
            measure(pairs, draws: 1, images, into: &part)
            results += part.prefix(pairs.count)
        }
        return results
    }

    /// Where points are put, `[maximumBatch, latentSize]`, before they are measured.
    var input: UnsafeMutablePointer<Float> { plan.input() }

    /// −log p(x|z) of pairs of an image and one of its draws, whose points are in ``input``.
    ///
    /// - Parameters:
    ///   - pairs: numbered image by image; at most `maximumBatch`.
    ///   - draws: points of each image.
    ///   - images: all of them, `[count, channels, height, width]`.
    ///   - reconstructions: its first values are overwritten, one for each pair.
    func measure(_ pairs: Range<Int>, draws: Int, _ images: [Float], into reconstructions: inout [Double]) {
        plan.forward(count: pairs.count)
        let share = 10
        images.withUnsafeBufferPointer { images in
            reconstructions.withUnsafeMutableBufferPointer { reconstructions in
                guard let images = images.baseAddress, let results = reconstructions.baseAddress else { return }
                pool.forEach((pairs.count + share - 1) / share) { item, _ in
                    for place in item * share..<min(pairs.count, (item + 1) * share) {
                        results[place] = Objective.reconstruction(
                            distribution, plan.output() + place * elements,
                            images + (pairs.lowerBound + place) / draws * elements, elements: elements)
                    }
                }
            }
        }
    }
}

import Latent
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
    private let scale: PixelScale
    private let staging: Staging
    private let roles: [InputRole]
    private let condition: Condition

    /// - Parameter maximumBatch: how many points go through the network together; more are measured in turns.
    /// - Throws: ``MissingPart/likelihood``.
    public init(_ model: Model, pool: WorkerPool, maximumBatch: Int = 64) throws(MissingPart) {
        guard let distribution = model.distribution else { throw .likelihood }
        self.distribution = distribution
        elements = model.architecture.image.count
        latentSize = model.architecture.latentSize
        scale = model.pixelScale(pool: pool)
        roles = model.architecture.decoderRoles
        condition = model.condition
        self.pool = pool
        staging = Staging(max(1, maximumBatch) * model.architecture.latentSize)
        plan = model.objectivePlan(capacity: maximumBatch, pool: pool)
    }

    /// −log p(x|z) of `count` images at a point each, in nats.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - latents: `[count, latentSize]`.
    ///   - labels: each image's class, where the model asks for one; nil for the model's own condition, which goes before.
    /// - Precondition: both hold what they should.
    public func measure(_ images: [Float], at latents: [Float], labels: [Int]? = nil, count: Int) -> [Double] {
        precondition(images.count == count * elements && latents.count == count * latentSize, "a point for each image")
        var results: [Double] = []
        results.reserveCapacity(count)
        let most = staging.count / latentSize
        var part = [Double](repeating: 0, count: most)
        for start in stride(from: 0, to: count, by: most) {
            let pairs = start..<min(count, start + most)
            for place in 0..<pairs.count * latentSize { input[place] = latents[start * latentSize + place] }
            measure(pairs, draws: 1, images, labels: labels, into: &part)
            results += part.prefix(pairs.count)
        }
        return results
    }

    /// Where points are put, `[maximumBatch, latentSize]`, before they are measured.
    var input: UnsafeMutablePointer<Float> { staging.pointer }

    /// −log p(x|z) of pairs of an image and one of its draws, whose points are in ``input``.
    ///
    /// - Parameters:
    ///   - pairs: numbered image by image; at most `maximumBatch`.
    ///   - draws: points of each image.
    ///   - images: all of them, `[count, channels, height, width]` in 0…1.
    ///   - labels: each image's class, where the model asks for one; nil for the model's own condition.
    ///   - reconstructions: its first values are overwritten, one for each pair.
    func measure(
        _ pairs: Range<Int>, draws: Int, _ images: [Float], labels: [Int]? = nil, into reconstructions: inout [Double]
    ) {
        let images = scale.model(images)
        for start in stride(from: 0, to: pairs.count, by: plan.capacity) {
            let part = start..<min(pairs.count, start + plan.capacity)
            plan.loadImages(staging.pointer + start * latentSize, count: part.count)
            let classes = labels.map { labels in
                part.map { ClassMix(labels[(pairs.lowerBound + $0) / draws]) }
            }
            plan.fill(roles, labels: classes, count: part.count, condition)
            plan.forward(count: part.count)
            measure(part, first: pairs.lowerBound, draws: draws, images, into: &reconstructions)
        }
    }

    /// The same for some of the pairs, whose outputs the plan has.
    private func measure(
        _ part: Range<Int>, first: Int, draws: Int, _ images: [Float], into reconstructions: inout [Double]
    ) {
        let share = 10
        images.withUnsafeBufferPointer { images in
            reconstructions.withUnsafeMutableBufferPointer { reconstructions in
                guard let images = images.baseAddress, let results = reconstructions.baseAddress else { return }
                pool.forEach((part.count + share - 1) / share) { item, _ in
                    for place in item * share..<min(part.count, (item + 1) * share) {
                        results[part.lowerBound + place] = Objective.reconstruction(
                            distribution, plan.output() + place * elements,
                            images + (first + part.lowerBound + place) / draws * elements, elements: elements)
                    }
                }
            }
        }
    }
}

/// Memory for points before they go through a plan.
private final class Staging {
    let count: Int
    let pointer: UnsafeMutablePointer<Float>

    init(_ count: Int) {
        self.count = count
        pointer = .allocate(capacity: count)
        pointer.initialize(repeating: 0, count: count)
    }

    deinit { pointer.deallocate() }
}

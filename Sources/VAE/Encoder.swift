import Latent
import Neural

/// The approximate posteriors q(z|x) of some images: normal, with independent latents.
public struct Posteriors: Sendable, Hashable {
    /// `[count, latentSize]`.
    public var means: [Float]
    /// log σ², `[count, latentSize]`.
    public var logVariances: [Float]

    public init(means: [Float], logVariances: [Float]) {
        self.means = means
        self.logVariances = logVariances
    }
}

/// Turns images into posteriors over the latent space.
///
/// An encoder belongs to one thread at a time; it shares its work with the threads of its pool.
public final class Encoder {
    /// `[channels, height, width]`.
    public let imageShape: Shape
    public let latentSize: Int
    private let plan: Plan
    private let secondHead: SecondHead
    private let scale: PixelScale
    private let roles: [InputRole]
    private let condition: Condition

    /// - Parameter maximumBatch: how many images go through the network together; more are encoded in turns.
    /// - Throws: ``MissingPart/encoder``.
    public init(_ model: Model, pool: WorkerPool, maximumBatch: Int = 64) throws(MissingPart) {
        guard let plan = model.encoderPlan(capacity: maximumBatch, pool: pool) else { throw .encoder }
        self.plan = plan
        imageShape = model.architecture.image
        latentSize = model.architecture.latentSize
        secondHead = model.architecture.secondHead
        scale = model.pixelScale(pool: pool)
        roles = model.architecture.encoderRoles
        condition = model.condition
    }

    /// Encodes `count` images `[count, channels, height, width]` with values in 0…1.
    ///
    /// - Parameter labels: each image's class, where the model asks for one; nil for the model's own condition, which goes before.
    /// - Precondition: `images` holds `count` images, and `labels` as many classes.
    public func encode(_ images: [Float], labels: [Int]? = nil, count: Int) -> Posteriors {
        precondition(images.count == count * imageShape.count, "each image is \(imageShape)")
        var posteriors = Posteriors(means: [], logVariances: [])
        posteriors.means.reserveCapacity(count * latentSize)
        posteriors.logVariances.reserveCapacity(count * latentSize)
        scale.model(images).withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            for start in stride(from: 0, to: count, by: plan.capacity) {
                let length = min(plan.capacity, count - start)
                plan.loadImages(base + start * imageShape.count, count: length)
                plan.fill(
                    roles, labels: labels.map { $0[start..<start + length].map { ClassMix($0) } }, count: length,
                    condition)
                plan.forward(count: length)
                for image in 0..<length {
                    posteriors.means.append(contentsOf: head(0, of: image))
                    posteriors.logVariances.append(contentsOf: head(secondHead == .none ? 0 : 1, of: image))
                }
            }
        }
        posteriors.logVariances.withUnsafeMutableBufferPointer { secondHead.makeLogVariances($0) }
        return posteriors
    }

    /// The means or what else the encoder says of an image: two outputs, or two halves of one.
    private func head(_ index: Int, of image: Int) -> UnsafeBufferPointer<Float> {
        if plan.network.outputs.count > 1 {
            return UnsafeBufferPointer(start: plan.output(index) + image * latentSize, count: latentSize)
        }
        let width = plan.network.outputShapes[0].count
        return UnsafeBufferPointer(
            start: plan.output() + image * width + index * latentSize, count: latentSize)
    }
}

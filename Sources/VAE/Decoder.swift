import Latent
import Neural

/// Turns points of the latent space into images.
///
/// A decoder belongs to one thread at a time; it shares its work with the threads of its pool, and after it is made,
/// decoding into memory of the caller's allocates nothing.
public final class Decoder {
    /// `[channels, height, width]`.
    public let imageShape: Shape
    public let latentSize: Int
    /// How the model's pixels become a picture's; nil: they stay as they are.
    private let scale: PixelScale?
    private let plan: Plan
    private let roles: [InputRole]
    private let condition: Condition

    /// - Parameters:
    ///   - maximumBatch: how many points go through the network together; more are decoded in turns.
    ///   - isRaw: whether the answers are what the network returns, in whatever range, instead of pictures.
    public init(_ model: Model, pool: WorkerPool, maximumBatch: Int = 64, isRaw: Bool = false) {
        imageShape = model.architecture.image
        latentSize = model.architecture.latentSize
        roles = model.architecture.decoderRoles
        condition = model.condition
        plan = model.decoderPlan(capacity: maximumBatch, pool: pool)
        scale = isRaw ? nil : model.pixelScale(pool: pool)
    }

    /// Decodes `count` points.
    ///
    /// - Parameters:
    ///   - latents: `[count, latentSize]`; a map's values are `[channels, height, width]`, row-major.
    ///   - labels: each point's class, where the model asks for one; nil for the model's own condition, which goes before.
    ///   - images: `[count, channels, height, width]`; overwritten with the mean image of each, in 0…1 where the model's
    ///     pixels lie within their range, or what the network returns.
    public func decode(
        _ latents: UnsafePointer<Float>, labels: [ClassMix?]? = nil, count: Int,
        into images: UnsafeMutablePointer<Float>
    ) {
        var start = 0
        while start < count {
            let length = min(plan.capacity, count - start)
            plan.loadImages(latents + start * latentSize, count: length)
            plan.fill(roles, labels: labels.map { Array($0[start..<start + length]) }, count: length, condition)
            plan.forward(count: length)
            let target = images + start * imageShape.count
            target.update(from: plan.output(), count: length * imageShape.count)
            scale?.makePicture(target, count: length * imageShape.count)
            start += length
        }
    }

    /// Decodes `count` points `[count, latentSize]` into images `[count, channels, height, width]`.
    ///
    /// - Precondition: `latents` holds `count · latentSize` numbers.
    public func decode(_ latents: [Float], labels: [ClassMix?]? = nil, count: Int) -> [Float] {
        precondition(latents.count == count * latentSize, "each point has \(latentSize) coordinates")
        return [Float](unsafeUninitializedCapacity: count * imageShape.count) { buffer, initialized in
            latents.withUnsafeBufferPointer { source in
                if let from = source.baseAddress, let to = buffer.baseAddress {
                    decode(from, labels: labels, count: count, into: to)
                }
            }
            initialized = count * imageShape.count
        }
    }
}

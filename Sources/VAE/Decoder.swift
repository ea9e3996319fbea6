import Neural

/// Turns points of the latent space into images.
///
/// A decoder belongs to one thread at a time; it shares its work with the threads of its pool, and after it is made,
/// decoding into memory of the caller's allocates nothing.
public final class Decoder {
    /// `[channels, height, width]`.
    public let imageShape: Shape
    public let latentSize: Int
    private let plan: Plan

    /// - Parameter maximumBatch: how many points go through the network together; more are decoded in turns.
    public init(_ model: Model, pool: WorkerPool, maximumBatch: Int = 64) {
        imageShape = model.architecture.input
        latentSize = model.architecture.latentSize
        plan = Plan(
            inference: model.architecture.decoder, tensors: model.tensors, capacity: maximumBatch, pool: pool)
    }

    /// Decodes `count` points.
    ///
    /// - Parameters:
    ///   - latents: `[count, latentSize]`.
    ///   - images: `[count, channels, height, width]`; overwritten with the mean image of each.
    public func decode(_ latents: UnsafePointer<Float>, count: Int, into images: UnsafeMutablePointer<Float>) {
        var start = 0
        while start < count {
            let length = min(plan.capacity, count - start)
            plan.input().update(from: latents + start * latentSize, count: length * latentSize)
            plan.forward(count: length)
            (images + start * imageShape.count).update(from: plan.output(), count: length * imageShape.count)
            start += length
        }
    }

    /// Decodes `count` points `[count, latentSize]` into images `[count, channels, height, width]`.
    ///
    /// - Precondition: `latents` holds `count · latentSize` numbers.
    public func decode(_ latents: [Float], count: Int) -> [Float] {
        precondition(latents.count == count * latentSize, "each point has \(latentSize) coordinates")
        return [Float](unsafeUninitializedCapacity: count * imageShape.count) { buffer, initialized in
            latents.withUnsafeBufferPointer { source in
                if let from = source.baseAddress, let to = buffer.baseAddress { decode(from, count: count, into: to) }
            }
            initialized = count * imageShape.count
        }
    }
}

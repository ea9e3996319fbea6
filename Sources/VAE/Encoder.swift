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

    /// - Parameter maximumBatch: how many images go through the network together; more are encoded in turns.
    public init(_ model: Model, pool: WorkerPool, maximumBatch: Int = 64) {
        imageShape = model.architecture.input
        latentSize = model.architecture.latentSize
        plan = Plan(
            inference: model.architecture.encoder, tensors: model.tensors, capacity: maximumBatch, pool: pool)
    }

    /// Encodes `count` images `[count, channels, height, width]` with values in 0…1.
    ///
    /// - Precondition: `images` holds `count` images.
    public func encode(_ images: [Float], count: Int) -> Posteriors {
        precondition(images.count == count * imageShape.count, "each image is \(imageShape)")
        var posteriors = Posteriors(means: [], logVariances: [])
        posteriors.means.reserveCapacity(count * latentSize)
        posteriors.logVariances.reserveCapacity(count * latentSize)
        images.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            for start in stride(from: 0, to: count, by: plan.capacity) {
                let length = min(plan.capacity, count - start)
                plan.loadImages(base + start * imageShape.count, count: length)
                plan.forward(count: length)
                for image in 0..<length {
                    let output = UnsafeBufferPointer(
                        start: plan.output() + image * 2 * latentSize, count: 2 * latentSize)
                    posteriors.means.append(contentsOf: output.prefix(latentSize))
                    posteriors.logVariances.append(contentsOf: output.suffix(latentSize))
                }
            }
        }
        return posteriors
    }
}

extension Plan {
    /// Puts images `[count, channels, height, width]` where the network's input is, its channels innermost.
    public func loadImages(_ images: UnsafePointer<Float>, count: Int) {
        let shape = network.inputs[0]
        guard let image = shape.image, image.channels > 1 else {
            input().update(from: images, count: count * shape.count)
            return
        }
        let pixels = image.height * image.width
        for index in 0..<count {
            let (from, to) = (images + index * shape.count, input() + index * shape.count)
            for channel in 0..<image.channels {
                for pixel in 0..<pixels { to[pixel * image.channels + channel] = from[channel * pixels + pixel] }
            }
        }
    }
}

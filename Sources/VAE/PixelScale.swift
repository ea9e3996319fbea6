import Neural
import Synchronization

/// The way between a picture's pixels, which are in 0…1, and a model's own: what its decoder gives, what its encoder takes,
/// and what its likelihood is of.
public enum PixelScale: Hashable, Sendable {
    /// The model's pixels lie between two numbers.
    case linear(low: Float, high: Float)
    /// The decoder gives logits of values in 0…1, and all else is in 0…1.
    case logits

    /// Whether a decoder whose pixels lie like that may well give logits: they go far below black.
    public var mayBeOfLogits: Bool { if case .linear(let low, _) = self { low < -2 } else { false } }

    /// Turns what the decoder gives into a picture's pixels, in place. Values beyond the range stay beyond 0…1.
    func makePicture(_ values: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .linear(low: 0, high: 1): break
        case .linear(let low, let high):
            for index in 0..<count { values[index] = (values[index] - low) / (high - low) }
        case .logits: Activation.sigmoid.apply(to: values, count: count)
        }
    }

    /// A picture's pixels as the model has them: what its encoder takes, and what its likelihood is of.
    public func model(_ images: [Float]) -> [Float] {
        guard case .linear(let low, let high) = self, (low, high) != (0, 1) else { return images }
        return images.map { low + $0 * (high - low) }
    }
}

extension Model {
    /// How its pixels become a picture's and back, the same for all that asks: pictures, the encoder, the likelihood, the
    /// lengths of paths.
    ///
    /// - Parameter pool: finds a range that is free, by decoding some draws from the prior when it is asked for first.
    public func pixelScale(pool: WorkerPool) -> PixelScale {
        switch architecture.pixelRange {
        case .bounded(let low, let high): .linear(low: low, high: high)
        case .logits: .logits
        case .free: freeScale.value { PixelScale(showing: samples(pool: pool)) }
        }
    }

    /// What the decoder gives for some draws from the prior, always the same.
    private func samples(pool: WorkerPool) -> [Float] {
        let (count, latent) = (32, architecture.latent)
        let plan = decoderPlan(capacity: count, pool: pool)
        var generator = CounterGenerator(seed: 0, purpose: .evaluation, position: 0)
        let points = generator.normals(count * latent.count)
        var samples: [Float] = []
        for start in stride(from: 0, to: count, by: plan.capacity) {
            let length = min(plan.capacity, count - start)
            points.withUnsafeBufferPointer { buffer in
                if let base = buffer.baseAddress { plan.loadImages(base + start * latent.count, count: length) }
            }
            plan.forward(count: length)
            samples += UnsafeBufferPointer(start: plan.output(), count: length * architecture.image.count)
        }
        return samples
    }
}

extension PixelScale {
    /// 0…1 or −1…1 where the values are about there, else where the middle 98 % of them lie.
    fileprivate init(showing samples: [Float]) {
        let sorted = samples.filter(\.isFinite).sorted()
        guard let first = sorted.first else {
            self = .linear(low: 0, high: 1)
            return
        }
        let (low, high) = (sorted[sorted.count / 100], sorted[sorted.count - 1 - sorted.count / 100])
        if low >= -0.1, high <= 1.1, high > 0.1 {
            self = .linear(low: 0, high: 1)
        } else if low >= -1.1, high <= 1.1, high > 0.1 {
            self = .linear(low: -1, high: 1)
        } else {
            self = high > low ? .linear(low: low, high: high) : .linear(low: first, high: first + 1)
        }
    }
}

/// The scale of a free range, found once for a model and all of its copies.
final class FreePixelScale: Sendable {
    private let scale = Mutex<PixelScale?>(nil)

    func value(_ find: () -> PixelScale) -> PixelScale {
        scale.withLock { known in
            let value = known ?? find()
            known = value
            return value
        }
    }
}

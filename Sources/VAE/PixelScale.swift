import Neural

/// The way between a model's own pixels and those of a picture, which are in 0…1.
public struct PixelScale: Sendable {
    private enum Kind {
        case same
        case linear(low: Float, span: Float)
        case logits
    }

    private let kind: Kind
    /// The model's range where it isn't 0…1.
    public let range: (low: Float, high: Float)?

    /// - Parameter samples: what the decoder gives for some points, where its range is free.
    init(_ range: PixelRange, samples: () -> [Float]) {
        switch range {
        case .unit:
            kind = .same
            self.range = nil
        case .bounded(let low, let high):
            kind = .linear(low: low, span: high - low)
            self.range = (low, high)
        case .logits:
            kind = .logits
            self.range = nil
        case .free:
            let (low, high) = PixelScale.range(of: samples())
            kind = low == 0 && high == 1 ? .same : .linear(low: low, span: high - low)
            self.range = low == 0 && high == 1 ? nil : (low, high)
        }
    }

    /// 0…1 or −1…1 where the values are about there, else where the middle 98 % of them lie.
    private static func range(of samples: [Float]) -> (Float, Float) {
        let sorted = samples.filter(\.isFinite).sorted()
        guard let first = sorted.first else { return (0, 1) }
        let low = sorted[sorted.count / 100]
        let high = sorted[sorted.count - 1 - sorted.count / 100]
        if low >= -0.1, high <= 1.1, high > 0.1 { return (0, 1) }
        if low >= -1.1, high <= 1.1, high > 0.1 { return (-1, 1) }
        return high > low ? (low, high) : (first, first + 1)
    }

    /// Turns the model's pixels into a picture's, in place. Values beyond the range stay beyond 0…1.
    func makePicture(_ values: UnsafeMutablePointer<Float>, count: Int) {
        switch kind {
        case .same: break
        case .linear(let low, let span):
            for index in 0..<count { values[index] = (values[index] - low) / span }
        case .logits: Activation.sigmoid.apply(to: values, count: count)
        }
    }
}

extension PixelRange {
    /// A picture's pixels as the model has them: what its encoder takes, and what its likelihood is of.
    public func model(_ images: [Float]) -> [Float] {
        guard case .bounded(let low, let high) = self, self != .unit else { return images }
        return images.map { low + $0 * (high - low) }
    }
}

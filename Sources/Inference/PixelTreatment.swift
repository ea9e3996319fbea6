import Neural

/// What the likelihood is measured on. Figures on different pixels cannot be compared.
public enum PixelTreatment: String, Hashable, Sendable, CaseIterable {
    /// The gray values as they are, 0…1.
    case gray
    /// Each pixel is 1 with its gray value as the probability, else 0; drawn anew for each seed.
    case sampled
    /// Each pixel is 1 from a gray value of ½, else 0: an easier task.
    case threshold

    /// Treats one image's pixels.
    ///
    /// - Parameter index: the image's number in its set: what is drawn depends on it and the seed alone.
    func apply(to pixels: UnsafeMutableBufferPointer<Float>, seed: UInt64, index: Int) {
        switch self {
        case .gray: break
        case .sampled:
            var generator = CounterGenerator(seed: seed, purpose: .pixels, position: UInt64(index))
            for place in pixels.indices { pixels[place] = generator.uniform() < pixels[place] ? 1 : 0 }
        case .threshold:
            for place in pixels.indices { pixels[place] = pixels[place] >= 0.5 ? 1 : 0 }
        }
    }
}

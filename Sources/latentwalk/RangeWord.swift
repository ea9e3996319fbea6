import Neural
import VAE

extension Model {
    /// A clause about a range that the file does not say and that speaks for logits; nil for any other.
    ///
    /// - Parameter pool: decodes the draws from which a free range is found, once for the model.
    func wordOfRange(pool: WorkerPool) -> String? {
        guard architecture.pixelRange == .free, case .linear(let low, let high) = pixelScale(pool: pool), low < -2, high > 1.5
        else { return nil }
        return "the decoder returns about \(fixed(Double(low), 1)) to \(fixed(Double(high), 1)), which is shown from black to white; "
            + "if these are logits, --pixel-range logits says it"
    }
}

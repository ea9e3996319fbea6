import Neural
import VAE

extension Model {
    /// A clause about pixels whose range the file does not say, where they go far beyond 0…1; nil for any others.
    ///
    /// - Parameter pool: decodes the draws from which a free range is found, once for the model; made for them alone.
    func wordOfRange(pool: @autoclosure () -> WorkerPool) -> String? {
        guard architecture.pixelRange == .free else { return nil }
        let scale = pixelScale(pool: pool())
        guard case .linear(let low, let high) = scale else { return nil }
        let option: String
        if scale.mayBeOfLogits {
            option = "if these are logits, --pixel-range logits says it"
        } else if high > 20 {
            option = "if 255 is white, --pixel-range 0,255 says it"
        } else {
            return nil
        }
        return
            "the decoder returns about \(fixed(Double(low), 1)) to \(fixed(Double(high), 1)), shown from black to white; "
            + option
    }
}

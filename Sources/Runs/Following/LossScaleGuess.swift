/// Tells what a loss is from how large it is.
///
/// A pixel costs up to about ln 2 = 0.7 nats before anything is learned (Bernoulli), and seldom under 0.05 afterwards:
/// a loss of nats an image lies between about 5 and the number of pixels, its mean over the pixels below 1.
enum LossScaleGuess {
    /// - Parameters:
    ///   - loss: the newest value of the training loss, or of the reconstruction.
    ///   - pixels: values an image, if that is known.
    static func scale(loss: Double, pixels: Int?) -> LossScale {
        guard loss.isFinite, loss > 0 else { return .unknown }
        guard let pixels else { return loss < 1 ? .looksLikeMeanOverPixels(pixels: nil) : .unknown }
        if loss < 1, pixels >= 16 { return .looksLikeMeanOverPixels(pixels: pixels) }
        if loss > 3 * Double(pixels) { return .looksLikeSumOverBatch }
        return .looksLikeNatsPerImage
    }

    /// Whether a guess may take the place of another: one that was made stays, but for one that knows more, so that a
    /// loss that falls below a bound does not change what it is.
    static func mayReplace(_ old: LossScale, _ new: LossScale) -> Bool {
        switch (old, new) {
        case (.unknown, _), (.looksLikeMeanOverPixels(nil), .looksLikeMeanOverPixels): true
        default: false
        }
    }
}

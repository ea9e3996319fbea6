import Platform
import VAE

extension Posteriors {
    /// σ, `[count, latentSize]`.
    var deviations: [Float] { logVariances.map { exponential(0.5 * $0) } }
}

import Platform
import VAE

extension Posteriors {
    /// σ, `[count, latentSize]`; 0 where a posterior is a point.
    var deviations: [Float] { logVariances.map { $0 <= SecondHead.narrowest ? 0 : exponential(0.5 * $0) } }
}

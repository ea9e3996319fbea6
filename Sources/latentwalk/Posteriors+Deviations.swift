import VAE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Posteriors {
    /// σ, `[count, latentSize]`.
    var deviations: [Float] { logVariances.map { expf(0.5 * $0) } }
}

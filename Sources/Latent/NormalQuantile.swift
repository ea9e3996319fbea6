#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The standard normal distribution's quantile Φ⁻¹(p), by bisection of Φ(z) = erfc(−z/√2)/2: exact to 10⁻⁶.
///
/// - Parameter probability: between 0 and 1; quantiles beyond ±8 are ±8.
public func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    while high - low > 1e-7 {
        let middle = (low + high) / 2
        if erfc(-middle / 2.0.squareRoot()) / 2 < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
}

import Platform

/// The standard normal distribution's quantile Φ⁻¹(p), by bisection of ``normalProbability(_:)``: exact to 10⁻¹².
///
/// - Parameter probability: between 0 and 1; quantiles beyond ±8 are ±8.
public func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    while high - low > 1e-12 {
        let middle = (low + high) / 2
        if middle == low || middle == high { break }
        if normalProbability(middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
}

/// The standard normal distribution's Φ(z) = erfc(−z/√2)/2.
public func normalProbability(_ quantile: Double) -> Double { erfc(-quantile / 2.0.squareRoot()) / 2 }

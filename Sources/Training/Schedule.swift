import Neural

/// How the learning rate goes over a run.
public enum Schedule: String, CaseIterable, Sendable {
    case constant
    /// Up along a cosine during the first tenth, then down along a cosine to a thousandth (Smith & Topin 2018).
    case oneCycle = "one-cycle"

    /// The factor on the peak rate at a share of the run between 0 and 1.
    public func factor(at share: Double) -> Double {
        switch self {
        case .constant: return 1
        case .oneCycle:
            let rise = 0.1
            let (low, last) = (0.04, 0.001)
            if share < rise { return low + (1 - low) * Schedule.ramp(share / rise) }
            return 1 - (1 - last) * Schedule.ramp((share - rise) / (1 - rise))
        }
    }

    /// From 0 to 1 along half a cosine.
    private static func ramp(_ share: Double) -> Double { 0.5 - 0.5 * halfTurnCosine(min(1, max(0, share))) }
}

import Platform

/// How the learning rate goes over a run.
public enum Schedule: Hashable, Sendable {
    case constant
    /// Up in a straight line during a share of the run, then down to nothing along half a cosine (Loshchilov & Hutter
    /// 2017, without restarts).
    case cosine(warmup: Double = 0)
    /// Up along a cosine during the first tenth, then down along a cosine to a thousandth (Smith & Topin 2018).
    case oneCycle

    /// The factor on the largest rate at a step of the run.
    ///
    /// - Parameters:
    ///   - step: the number of the step in the run, from 0.
    ///   - steps: how many steps the run has.
    public func factor(atStep step: Int, of steps: Int) -> Double {
        let share = Double(step) / Double(max(1, steps - 1))
        switch self {
        case .constant: return 1
        case .cosine(let warmup):
            // The first step of a warm-up has a rate already, and the step after its last one the full rate.
            let rise = warmup * Double(steps)
            if Double(step) + 1 < rise { return (Double(step) + 1) / rise }
            return 1 - Schedule.ramp((Double(step) + 1 - max(1, rise)) / max(1, Double(steps) - max(1, rise) + 1))
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

extension Schedule {
    /// As `--schedule` takes it: `constant`, `cosine` or `one-cycle`.
    public var name: String {
        switch self {
        case .constant: "constant"
        case .cosine: "cosine"
        case .oneCycle: "one-cycle"
        }
    }

    /// The share of the run in which a cosine rises; 0 for the others.
    public var warmup: Double {
        if case .cosine(let warmup) = self { return warmup }
        return 0
    }

    public static let names = ["constant", "cosine", "one-cycle"]

    /// - Parameters:
    ///   - name: one of ``names``.
    ///   - warmup: the share of the run in which a cosine rises; the others have none.
    public init?(name: String, warmup: Double = 0) {
        switch name {
        case "constant" where warmup == 0: self = .constant
        case "cosine": self = .cosine(warmup: warmup)
        case "one-cycle" where warmup == 0: self = .oneCycle
        default: return nil
        }
    }
}

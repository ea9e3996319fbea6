/// How the weight of the KL term comes up to β.
///
/// At the full weight from the start, latents may be given up before the decoder has learned to use them.
public enum KLWarmup: Hashable, Sendable {
    case none
    /// From 0 in a straight line during the first epochs (Bowman et al. 2016, Sønderby et al. 2016).
    case linear(epochs: Double)
    /// So many cycles over the run: in each the weight rises from 0 in a straight line during a share of it and stays
    /// there for the rest (Fu et al. 2019; they took 4 cycles that rise during half).
    case cyclical(cycles: Int, rise: Double = 0.5)

    /// The factor on β, 0 to 1.
    ///
    /// - Parameters:
    ///   - epoch: epochs done, with fractions.
    ///   - epochs: how many the run has.
    public func factor(atEpoch epoch: Double, of epochs: Int) -> Double {
        switch self {
        case .none: return 1
        case .linear(let length): return length > 0 ? min(1, epoch / length) : 1
        case .cyclical(let cycles, let rise):
            let turns = epoch / Double(epochs) * Double(cycles)
            // The run's very end belongs to the last cycle.
            guard turns < Double(cycles) else { return 1 }
            return rise > 0 ? min(1, (turns - turns.rounded(.down)) / rise) : 1
        }
    }

    /// `none`, `linear` or `cyclical`.
    public var name: String {
        switch self {
        case .none: "none"
        case .linear: "linear"
        case .cyclical: "cyclical"
        }
    }

    func check() throws(TrainingError) {
        switch self {
        case .none: return
        case .linear(let epochs):
            guard epochs >= 0, epochs <= 1e6 else {
                throw .badSetting("--kl-warmup must be a number of epochs, 0 to 1000000, or cyclical")
            }
        case .cyclical(let cycles, let rise):
            guard (1...1000).contains(cycles) else {
                throw .badSetting("--kl-warmup cyclical must have 1 to 1000 cycles")
            }
            guard rise >= 0, rise <= 1 else {
                throw .badSetting("--kl-warmup cyclical must rise during a share of each cycle, 0 to 1")
            }
        }
    }
}

extension KLWarmup: CustomStringConvertible {
    /// As `--kl-warmup` takes it: `none`, `5`, `cyclical:4`, `cyclical:4:0.25`.
    public var description: String {
        switch self {
        case .none: "none"
        case .linear(let epochs): epochs == epochs.rounded() ? "\(Int(epochs))" : "\(epochs)"
        case .cyclical(let cycles, let rise): rise == 0.5 ? "cyclical:\(cycles)" : "cyclical:\(cycles):\(rise)"
        }
    }

    /// - Parameter text: as ``description`` gives it; `cyclical` alone has 4 cycles that rise during half.
    public init?(_ text: String) {
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
        switch (words.first, words.count) {
        case ("none", 1): self = .none
        case ("cyclical", 1): self = .cyclical(cycles: 4)
        case ("cyclical", 2...3):
            guard let cycles = Int(words[1]) else { return nil }
            guard words.count == 3 else {
                self = .cyclical(cycles: cycles)
                return
            }
            guard let rise = Double(words[2]) else { return nil }
            self = .cyclical(cycles: cycles, rise: rise)
        default:
            guard let epochs = Double(text), epochs.isFinite else { return nil }
            self = .linear(epochs: epochs)
        }
    }
}

import Neural
import VAE

/// When what was tried on pictures speaks for an answer, the same for all readers.
public enum TrialBounds {
    /// A correlation below which a trial does not speak for an answer.
    public static let leastCorrelation = 0.35
    /// By how much an answer has to be better than any other to count as settled, in what answers are ordered by.
    public static let clearMargin = 0.03
    /// The same in the correlation alone, unless the rest is great: a wrong contrast correlates as well.
    private static let (clearCorrelation, greatMargin) = (0.01, 0.1)

    /// Whether one answer is clearly better than another.
    ///
    /// - Parameters:
    ///   - value: by how much, in the share of variance that is explained and the correlation together.
    ///   - correlation: by how much in this.
    public static func isClear(value: Double, correlation: Double) -> Bool {
        value >= clearMargin && (correlation >= clearCorrelation || value >= greatMargin)
    }
}

/// How much a trial may compute, so that what it finds depends on the file alone: not on how quick the machine is, nor on
/// what else it does.
public struct TrialBudget: Sendable {
    /// In multiplications: on one processor of a few years ago not a second.
    public static let whole = TrialBudget(multiplications: 12_000_000_000)
    /// What a number that a layer makes costs, and one that it learned, which is put into a plan's order.
    private static let (costOfValue, costOfParameter, costOfModel) = (12, 30, 10_000_000)

    private var left: Int
    /// What the first one cost. Some would cost a multiple of it: they make far larger pictures, and are not asked.
    private var first: Int?
    /// Whether something was too much, after which nothing more is paid for.
    public private(set) var isSpent = false

    public init(multiplications: Int) { left = multiplications }

    /// - Parameter samples: how many pictures or points go through both of the model's halves.
    /// - Returns: whether it may be tried.
    public mutating func pays(for model: Model, samples: Int) -> Bool {
        let networks = [model.architecture.encoder, model.architecture.decoder].compactMap(\.self)
        let one = networks.reduce(0) { $0 + $1.multiplications + TrialBudget.costOfValue * $1.valueCount }
        let fixed = TrialBudget.costOfModel + TrialBudget.costOfParameter * model.architecture.parameterCount
        let (all, isTooMuch) = one.multipliedReportingOverflow(by: samples)
        let cost = isTooMuch ? Int.max : max(all, all &+ fixed)
        if let first, cost / 4 > first { return false }
        first = first ?? cost
        isSpent = isSpent || cost > left
        if !isSpent { left -= cost }
        return !isSpent
    }
}

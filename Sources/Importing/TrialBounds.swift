/// When what was tried on pictures speaks for an answer, the same for all readers.
public enum TrialBounds {
    /// A correlation below which a trial does not speak for an answer.
    public static let leastCorrelation = 0.35
    /// By how much an answer has to be better than the next to count as settled.
    public static let clearMargin = 0.02
}

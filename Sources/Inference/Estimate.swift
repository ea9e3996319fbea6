/// The mean of something over images, and how far it may be off since there are no more of them.
public struct Estimate: Hashable, Sendable {
    public var mean: Double
    /// The standard error of the mean: the values' standard deviation, divided by √n.
    public var standardError: Double

    public init(mean: Double, standardError: Double) {
        self.mean = mean
        self.standardError = standardError
    }

    /// The mean of some values; of one alone, the error is not known and said to be 0.
    ///
    /// - Precondition: there is a value.
    public init(_ values: [Double]) {
        precondition(!values.isEmpty, "a mean is of something")
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(mean: mean, standardError: (squares / max(1, count - 1) / count).squareRoot())
    }
}

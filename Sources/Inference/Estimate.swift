/// The mean of something over images, and how far it may be off since there are no more of them.
public struct Estimate: Hashable, Sendable {
    public var mean: Double
    /// The standard error of the mean: the values' standard deviation, divided by √n.
    /// One value alone tells none.
    public var standardError: Double?

    public init(mean: Double, standardError: Double?) {
        self.mean = mean
        self.standardError = standardError
    }

    /// The mean of some values.
    ///
    /// - Precondition: there is a value.
    public init(_ values: [Double]) {
        precondition(!values.isEmpty, "a mean is of something")
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(mean: mean, standardError: count > 1 ? (squares / (count - 1) / count).squareRoot() : nil)
    }
}

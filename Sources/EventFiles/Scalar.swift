/// A point of a curve: a number with a name, at a step of a run.
public struct Scalar: Hashable, Sendable {
    /// The curve's name: `train/negative_elbo`.
    public var tag: String
    public var value: Double
    public var step: Int
    /// Seconds since 1970.
    public var wallTime: Double

    public init(tag: String, value: Double, step: Int, wallTime: Double) {
        self.tag = tag
        self.value = value
        self.step = step
        self.wallTime = wallTime
    }
}

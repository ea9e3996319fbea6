/// One learned number that belongs to no network, with its gradient, Adam's memory and its average.
final class LearnedScalar {
    let name: String
    var value: Float
    var gradient: Float = 0
    private(set) var first: Float = 0
    private(set) var second: Float = 0
    private(set) var average: Float

    init(name: String, value: Float) {
        self.name = name
        self.value = value
        average = value
    }

    /// As `OptimizerState` does it for a network.
    func update(rate: Float, beta1: Float, beta2: Float, epsilon: Float) {
        first = beta1 * first + (1 - beta1) * gradient
        second = beta2 * second + (1 - beta2) * gradient * gradient
        value -= rate * first / (second.squareRoot() + epsilon)
    }

    func updateAverage(share: Float) { average += share * (value - average) }

    func restore(first: Float, second: Float, average: Float?) {
        self.first = first
        self.second = second
        self.average = average ?? value
    }
}

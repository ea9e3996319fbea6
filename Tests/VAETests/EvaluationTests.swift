import Platform
import Testing

@testable import VAE

@Suite("The logarithm of a mean of exponentials")
struct LogMeanTests {
    @Test("Large and small logarithms neither overflow nor vanish")
    func extremes() {
        var mean = LogMean()
        for value in [-2000.0, -1000, -1000 + logarithm(3)] { mean.add(value) }
        #expect(abs(mean.value - (-1000 + logarithm(4.0 / 3))) < 1e-12)
        var high = LogMean()
        for value in [1000.0, 1000] { high.add(value) }
        #expect(high.value == 1000)
    }

    @Test("Of nothing it is −∞, and one that is no number makes it none")
    func nothing() {
        var mean = LogMean()
        #expect(mean.value == -.infinity)
        mean.add(-.infinity)
        #expect(mean.value == -.infinity)
        mean.add(1)
        mean.add(.nan)
        #expect(mean.value.isNaN)
    }
}

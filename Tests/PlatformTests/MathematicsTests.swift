import Platform
import Testing

@Suite("Mathematics")
struct MathematicsTests {
    @Test("Exponential and logarithm undo each other, in both precisions", arguments: [0.25, 1, 2.5, 40])
    func inverses(x: Double) {
        #expect(abs(logarithm(exponential(x)) - x) < 1e-12)
        #expect(abs(logarithm(exponential(Float(x))) - Float(x)) < 1e-5)
    }

    @Test("The base is e, and zero has an infinite logarithm")
    func base() {
        #expect(abs(exponential(1.0) - 2.718281828459045) < 1e-15)
        #expect(logarithm(0.0) == -.infinity)
        #expect(logarithm(Float(-1)).isNaN)
    }

    @Test("Angles are in radians; those of halfTurnCosine in half turns")
    func angles() {
        #expect(abs(cosine(.pi / 3) - 0.5) < 1e-15)
        #expect(abs(sine(.pi / 6) - 0.5) < 1e-15)
        #expect(halfTurnCosine(1) == -1)
        #expect(abs(halfTurnCosine(0.5)) < 1e-15)
    }
}

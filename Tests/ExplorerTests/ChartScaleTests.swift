import Testing

@testable import Explorer

@Suite("Scales and spans of charts")
struct ChartScaleTests {
    @Test("A scale has round ends and grows by round steps, never shrinking")
    func growth() {
        var scale = ChartScale(140...200)
        let isUnchanged = !scale.include(150)
        #expect(isUnchanged)
        #expect(scale.range == 140...200)
        let hasGrown = scale.include(203)
        #expect(hasGrown)
        #expect(scale.range == 140...210)
        scale.include(133.2)
        #expect(scale.range == 130...210)
        scale.include(.nan)
        #expect(scale.range == 130...210)
    }

    @Test("A logarithmic scale puts equal ratios at equal distances")
    func logarithmic() {
        let scale = ChartScale(1...100, isLogarithmic: true)
        #expect(abs(scale.height(of: 10) - 0.5) < 1e-9)
        #expect(scale.ticks(most: 10) == [1, 2, 5, 10, 20, 50, 100])
        #expect(scale.ticks(most: 3) == [1, 10, 100])
        #expect(scale.height(of: 0) < 0)
    }

    @Test("A logarithmic scale cannot show what is not above zero, and is linear then")
    func notLogarithmic() { #expect(ChartScale(-1...10, isLogarithmic: true).isLogarithmic == false) }

    @Test("The span doubles when it is full, and ends where the run does")
    func doubling() {
        func end(_ position: Double) -> Double {
            ChartSpan(to: position, total: 3000, unit: 100, unitName: "epochs").range.upperBound
        }
        #expect([1, 12.5, 13, 100, 101, 1601, 3000].map(end) == [12.5, 12.5, 25, 100, 200, 3000, 3000])
    }

    @Test("The last part stands still and moves on by halves")
    func zoomedSpan() {
        func range(_ position: Double) -> ClosedRange<Double> {
            ChartSpan(to: position, unit: 100, unitName: "epochs", zoom: .quarter).range
        }
        #expect(range(1000) == 600...1000)
        #expect(range(1001) == 800...1200)
        #expect(range(1100) == 800...1200)
        #expect(range(1250) == 1000...1400)
        #expect(range(1250).contains(1250))
    }
}

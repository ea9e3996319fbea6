import Testing

@testable import Explorer

@Suite("Histories of measurements")
struct HistoryTests {
    @Test("However many measurements there are, the groups stay bounded and keep count and extremes")
    func bounded() {
        var history = History(limit: 64)
        for step in 1...100_000 { history.append(step == 31_415 ? 1e6 : step == 271 ? -5 : 1, at: Double(step)) }
        #expect(history.groups.count <= 64)
        #expect(history.groups.reduce(0) { $0 + $1.count } == 100_000)
        #expect(history.groups.map(\.greatest).max() == 1e6)
        #expect(history.groups.map(\.least).min() == -5)
        #expect(history.groups.first?.first == 1)
        #expect(history.end == 100_000)
    }

    @Test("Few measurements are kept as they are")
    func exact() {
        var history = History(limit: 8)
        for step in 0..<8 { history.append(Double(step * step), at: Double(step)) }
        #expect(history.groups.map(\.mean) == [0, 1, 4, 9, 16, 25, 36, 49])
    }

    @Test("Values that are not finite are left out")
    func notFinite() {
        var history = History()
        for value in [1, .nan, .infinity, 2] { history.append(value, at: Double(history.groups.count)) }
        #expect(history.groups.map(\.mean) == [1, 2])
    }

    @Test("A run that went back to an earlier checkpoint goes on from there")
    func goneBack() {
        var history = History()
        for step in 1...10 { history.append(Double(step), at: Double(step)) }
        history.append(50, at: 5)
        #expect(history.groups.map(\.mean) == [1, 2, 3, 4, 50])
    }

    @Test("Smoothing is exponential and has no bias at its start")
    func smoothing() {
        var history = History()
        for (step, value) in [3.0, 5, 1].enumerated() { history.append(value, at: Double(step)) }
        let smoothed = history.smoothed(decay: 0.5)
        // By hand: 3; (0.5·1.5 + 0.5·5) / 0.75; (0.5·3.25 + 0.5·1) / 0.875.
        for (value, expected) in zip(smoothed, [3.0, 3.25 / 0.75, 2.125 / 0.875]) {
            #expect(abs(value - expected) < 1e-12)
        }
        #expect(history.smoothed(decay: 0) == [3, 5, 1])
    }

    @Test("Put together in groups, the smoothed curve ends where it would have ended")
    func smoothedGroups() {
        var (fine, coarse) = (History(limit: 4096), History(limit: 128))
        for step in 0..<4000 {
            let value = 100 + Double(step % 10)
            fine.append(value, at: Double(step))
            coarse.append(value, at: Double(step))
        }
        let (one, other) = (fine.smoothed(decay: 0.99).last ?? 0, coarse.smoothed(decay: 0.99).last ?? 0)
        #expect(abs(one - other) < 0.2)
    }

    @Test("A range holds the groups that begin in it")
    func range() {
        var history = History()
        for step in stride(from: 0, through: 100, by: 10) { history.append(1, at: Double(step)) }
        #expect(history.groups(in: 15...50).map(\.first) == [20, 30, 40, 50])
        #expect(history.groups(in: 101...200).isEmpty)
        #expect(history.groups(in: 0...0).map(\.first) == [0])
    }
}

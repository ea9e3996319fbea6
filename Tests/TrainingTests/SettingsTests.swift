import Testing
import Training

@Suite("Schedule")
struct ScheduleTests {
    @Test("One cycle rises to its peak after a tenth and falls to almost nothing")
    func oneCycle() {
        let schedule = Schedule.oneCycle
        #expect(abs(schedule.factor(atStep: 0, of: 1001) - 0.04) < 1e-9)
        #expect(abs(schedule.factor(atStep: 100, of: 1001) - 1) < 1e-9)
        #expect(abs(schedule.factor(atStep: 550, of: 1001) - 0.5005) < 1e-9)
        #expect(abs(schedule.factor(atStep: 1000, of: 1001) - 0.001) < 1e-9)
        #expect(Schedule.constant.factor(atStep: 700, of: 1001) == 1)
    }

    @Test("A cosine falls from the full rate to almost nothing, after a warm-up in a straight line")
    func cosine() {
        let plain = Schedule.cosine()
        #expect(plain.factor(atStep: 0, of: 100) == 1)
        #expect(abs(plain.factor(atStep: 50, of: 100) - 0.5) < 1e-9)
        #expect(plain.factor(atStep: 99, of: 100) < 1e-3 && plain.factor(atStep: 99, of: 100) > 0)
        let warm = Schedule.cosine(warmup: 0.1)
        #expect(
            (0..<10).map { warm.factor(atStep: $0, of: 100) }.map { ($0 * 10).rounded() } == (1...10).map(Double.init))
        #expect(warm.factor(atStep: 9, of: 100) == 1 && warm.factor(atStep: 10, of: 100) < 1)
        #expect((10..<99).allSatisfy { warm.factor(atStep: $0 + 1, of: 100) < warm.factor(atStep: $0, of: 100) })
        #expect(Schedule.cosine(warmup: 0.5).factor(atStep: 0, of: 1) == 1)
    }

    @Test("Names are read as they are written, and a warm-up belongs to a cosine")
    func names() {
        for schedule in [Schedule.constant, .cosine(), .cosine(warmup: 0.2), .oneCycle] {
            #expect(Schedule(name: schedule.name, warmup: schedule.warmup) == schedule)
        }
        #expect(Schedule(name: "one-cycle", warmup: 0.1) == nil && Schedule(name: "cyclic") == nil)
    }
}

@Suite("KL warm-up")
struct KLWarmupTests {
    @Test("Linear: from nothing in a straight line, then the whole")
    func linear() {
        let warmup = KLWarmup.linear(epochs: 4)
        #expect([0, 1, 2, 4, 9].map { warmup.factor(atEpoch: $0, of: 10) } == [0, 0.25, 0.5, 1, 1])
        #expect(KLWarmup.linear(epochs: 0).factor(atEpoch: 0, of: 10) == 1)
        #expect(KLWarmup.none.factor(atEpoch: 0, of: 10) == 1)
    }

    @Test("Cyclical: each cycle rises during its share and stays for the rest")
    func cyclical() {
        let warmup = KLWarmup.cyclical(cycles: 2)
        let factors = [0, 1.25, 2.5, 4.9, 5, 6.25, 7.5, 9.9, 10].map { warmup.factor(atEpoch: $0, of: 10) }
        #expect(factors == [0, 0.5, 1, 1, 0, 0.5, 1, 1, 1])
        #expect(KLWarmup.cyclical(cycles: 1, rise: 0.25).factor(atEpoch: 1.25, of: 10) == 0.5)
    }

    @Test("It is read as it is written, and what is neither is refused")
    func texts() {
        for warmup in [
            KLWarmup.none, .linear(epochs: 5), .linear(epochs: 0.5), .cyclical(cycles: 4),
            .cyclical(cycles: 3, rise: 0.25),
        ] {
            #expect(KLWarmup("\(warmup)") == warmup)
        }
        #expect(KLWarmup("cyclical") == .cyclical(cycles: 4))
        for text in ["", "x", "cyclical:", "cyclical:x", "cyclical:4:", "cyclical:1:2:3", "nan", "inf"] {
            #expect(KLWarmup(text) == nil, "\(text)")
        }
    }

    @Test("The weight of the KL term in a run follows it, and the objective with it")
    func run() throws {
        var settings = TrainingSettings.short()
        settings.klWarmup = .linear(epochs: 2)
        settings.beta = 3
        let told = try TrainingTests.run(settings)
        for (index, measurement) in told.measurements.enumerated() {
            #expect(abs(measurement.beta - min(3, 3 * Double(index) / 10)) < 1e-12)
            let objective = measurement.means.reconstruction + measurement.beta * measurement.means.kl
            #expect(abs(measurement.means.objective - objective) < 1e-9)
        }
    }
}

@Suite("Training settings")
struct TrainingSettingsTests {
    @Test("The texts name what differs from doing nothing")
    func texts() {
        let texts = TrainingSettings.everything().texts
        #expect(texts["schedule"] == "cosine" && texts["warmup"] == "0.2" && texts["weight-decay"] == "0.05")
        #expect(texts["kl-warmup"] == "1.5" && texts["gradient-clip"] == "20.0" && texts["average"] == "0.9")
        #expect(TrainingSettings.short().texts["average"] == nil && TrainingSettings.short().texts["kl-warmup"] == nil)
    }

    @Test("Numbers that are none are refused")
    func notNumbers() {
        let paths: [WritableKeyPath<TrainingSettings, Double>] = [\.learningRate, \.beta, \.freeBits]
        for path in paths {
            for value in [Double.nan, .infinity, -1] {
                var settings = TrainingSettings.short()
                settings[keyPath: path] = value
                #expect(throws: TrainingError.self) { try settings.check() }
            }
        }
        for path in [\TrainingSettings.gradientClip, \.averaging] {
            for value in [Double.nan, .infinity, 0] {
                var settings = TrainingSettings.short()
                settings[keyPath: path] = value
                #expect(throws: TrainingError.self) { try settings.check() }
            }
        }
    }
}

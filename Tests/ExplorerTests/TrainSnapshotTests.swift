import Cells
import Foundation
import Testing

@testable import Explorer

@Suite("Screens of a training")
struct TrainSnapshotTests {
    @Test(
        "The Train view uses its room as the design says",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60), (300, 100)])
    func train(columns: Int, rows: Int) throws {
        let session = Session.training(epochs: 6.3, columns: columns, rows: rows)
        try expect(Screen.canvas(of: session.state), matches: "train-\(columns)x\(rows)")
    }

    @Test("Early on there is little, and it is drawn", arguments: [0.1, 0.6])
    func early(epochs: Double) throws {
        let session = Session.training(epochs: epochs)
        try expect(Screen.canvas(of: session.state), matches: "train-early-\(Int(epochs * 10))")
    }

    @Test("Before anything is known the panes say what they wait for")
    func empty() throws {
        var session = Session(columns: 120, rows: 40)
        session.send(.run(.began(.digits)))
        try expect(Screen.canvas(of: session.state), matches: "train-waiting-120x40")
    }

    @Test("Ten latents, seven of them collapsed, and a KL warm-up")
    func latents() throws {
        let model = ModelFacts(name: "run", latentCount: 10, width: 28, height: 28)
        let divergences = [2.1, 0.004, 1.7, 0.001, 0.002, 3.2, 0.003, 0.001, 0.002, 0.005]
        let session = Session.training(epochs: 3, model: model, divergences: divergences, beta: 0.4)
        try expect(Screen.canvas(of: session.state), matches: "train-collapsed-120x40")
    }

    @Test("A run of another program, whose losses look like means over pixels")
    func watched() throws {
        var facts = RunDescription(
            name: "lightning_logs", valuesPerImage: 784, unit: .meanOverPixels, isControlled: false)
        facts.names = [.trainNegativeELBO: "train/loss_step"]
        var progress = RunProgress()
        progress.step = 10_000
        progress.silence = .seconds(90)
        var session = Session(columns: 120, rows: 40)
        session.send(.run(.began(facts)))
        for step in 1...200 {
            let loss = 0.17 + 0.1 / (1 + Double(step) / 20)
            session.send(.run(.measured(RunMeasurement(step: Double(step * 50), values: [.trainNegativeELBO: loss]))))
        }
        session.send(.run(.progressed(progress)))
        try expect(Screen.canvas(of: session.state), matches: "train-watched-120x40")
        session.press(.character("u"))
        #expect(session.text.contains("nats/image"))
        #expect(session.text.contains("train 140"))
    }

    @Test("Through, the view stays")
    func finished() throws {
        var session = Session.training(epochs: 30, columns: 80, rows: 24)
        session.send(.run(.phase(.finished("all epochs are done"))))
        try expect(Screen.canvas(of: session.state), matches: "train-finished-80x24")
    }

    @Test("ASCII alone draws the same view")
    func ascii() throws {
        let session = Session.training(epochs: 6.3, columns: 80, rows: 24, profile: .ascii)
        try expect(Screen.canvas(of: session.state), matches: "train-ascii-80x24")
    }

    @Test("Help lies over the view", arguments: [(60, 20), (120, 40)])
    func help(columns: Int, rows: Int) throws {
        var session = Session.training(epochs: 2, columns: columns, rows: rows)
        session.press(.character("?"))
        try expect(Screen.canvas(of: session.state), matches: "train-help-\(columns)x\(rows)")
    }

    @Test("Without a run the view says what would bring one")
    func nothing() {
        var session = Session()
        session.press(.character("5"))
        #expect(session.text.contains("latentwalk train --data mnist"))
    }

    @Test("Whatever the size and the number of latents, the view draws", arguments: [1, 2, 3, 32, 1024])
    func sizes(latents: Int) {
        let model = ModelFacts(name: "run", latentCount: latents, width: 64, height: 48)
        var session = Session.training(
            epochs: 1.5, model: model, divergences: Array(repeating: 0.5, count: latents))
        for size in [(60, 20), (61, 21), (79, 23), (100, 30), (60, 100), (300, 20), (10, 5), (90, 28)] {
            session.send(.input(.resized(Size(columns: size.0, rows: size.1))))
            session.renew("epoch 2")
            #expect(session.text.count > 1)
        }
    }
}

import Cells
import Latent
import Testing

@testable import Explorer

extension LatentCloud {
    /// Codes of five latents, of which the fourth and the second say most, and two classes apart along both.
    static let five: LatentCloud = {
        var generator = SeededGenerator(seed: 11)
        let scales: [Float] = [0.2, 1, 0.1, 1.4, 0.3]
        let labels = (0..<400).map { UInt8($0 % 2) }
        let means = labels.flatMap { label in
            scales.map { ($0 > 0.5 ? (label == 0 ? -0.8 : 0.8) : 0) + $0 * 0.5 * generator.nextNormal() }
        }
        let deviations = labels.flatMap { _ in scales.map { $0 > 0.5 ? Float(0.1) : 0.95 } }
        return LatentCloud(name: "sample", dimension: 5, means: means, deviations: deviations, labels: labels)
    }()
}

extension ModelFacts {
    static let five = ModelFacts(name: "mnist-5d", latentCount: 5, width: 28, height: 28)
}

@Suite("Planes of more than two latents")
struct PlaneAxesTests {
    private func session(columns: Int = 80, rows: Int = 24, cloud: LatentCloud? = .five) -> Session {
        Session(
            columns: columns, rows: rows, model: .five, options: Options(isAnimated: false, showsHints: false),
            cloud: cloud)
    }

    @Test("At first the plane spans the two latents that say most")
    func first() {
        #expect(session(cloud: nil).state.axisNames == ["z₀", "z₁"])
        #expect(session().state.axisNames == ["z₁", "z₃"])
    }

    @Test("Arrows move along its directions, and leave the other latents")
    func moves() {
        var session = session()
        let before = session.state.explore.point
        session.press(.right, .right, .up)
        let step = session.state.explore.step
        #expect(session.state.explore.point == LatentPoint([before[0], 2 * step, before[2], step, before[4]]))
    }

    @Test("x and y go through the latents and the data's principal directions, never both to one")
    func chooses() {
        var session = session()
        var seen: [String] = []
        for _ in 0..<10 {
            session.press(.character("x"))
            #expect(session.state.axisNames[0] != session.state.axisNames[1])
            seen.append(session.state.axisNames[0])
        }
        #expect(Set(seen) == ["z₀", "z₁", "z₂", "z₄", "p₁", "p₂", "p₃", "p₄", "p₅", "0→1"])
        session.press(.character("y"))
        #expect(session.state.axisNames[1] == "z₄")
        #expect(session.state.message?.text.contains("z₄") == true)
        // What the data say later does not take the choice back.
        session.send(.encoded(.five))
        #expect(session.state.axisNames[1] == "z₄")
    }

    @Test("Along a principal direction a step is one step in space")
    func principal() {
        var session = session()
        while session.state.axisNames[0] != "p₁" { session.press(.character("x")) }
        let before = session.state.explore.point
        session.press(.right)
        #expect(abs(session.state.explore.point.distance(to: before) - session.state.explore.step) < 1e-5)
        #expect(session.state.explore.point.coordinates.filter { $0 != 0 }.count > 1)
    }

    @Test("Two latents have no axes to choose")
    func two() {
        var session = Session(cloud: .blobs)
        session.press(.character("x"))
        #expect(session.state.axisNames == ["z₀", "z₁"])
    }

    @Test("The screen says what the plane spans", arguments: [(80, 24), (120, 40), (200, 60)])
    func screen(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        session.press(.right, .up, .character("y"))
        session.wait(.seconds(5))
        try expect(Screen.canvas(of: session.state), matches: "explore-5d-\(columns)x\(rows)")
    }

    @Test("The manifold is that of the plane")
    func manifold() {
        var session = session()
        session.press(.character("2"), .right, .tab)
        let point = session.state.explore.point
        #expect(point[0] == 0 && point[2] == 0 && point[4] == 0)
        #expect(point[1] != 0 && session.state.view.card.digit == ExploreView.digit)
    }
}

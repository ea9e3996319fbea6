import Cells
import Latent
import Testing

@testable import Explorer

@Suite("Directions")
struct DirectionTests {
    private func session(
        model: ModelFacts = .eight, cloud: LatentCloud? = .eight, directions: [LatentDirection] = []
    ) -> Session {
        Session(
            columns: 120, rows: 40, model: model,
            options: Options(isAnimated: false, showsHints: false, directions: directions), cloud: cloud)
    }

    @discardableResult
    private func run(_ command: String, _ session: inout Session) -> [Effect] {
        session.press(.character(":"))
        session.type(command)
        return session.press(.enter)
    }

    @Test("From class to class it is the way between the means, and lies along the plane's horizontal axis")
    func classes() throws {
        var session = session()
        run("direction 3 1", &session)
        #expect(session.state.axisNames[0] == "3→1")
        let (from, to) = (
            try #require(LatentCloud.eight.mean(ofClass: 3)), try #require(LatentCloud.eight.mean(ofClass: 1))
        )
        let across = try #require(session.state.explore.plane?.across)
        let length = from.distance(to: to)
        for latent in 0..<8 { #expect(abs(across[latent] - (to[latent] - from[latent]) / length) < 1e-5) }
        // What the data say later does not take it back.
        session.send(.encoded(.eight))
        #expect(session.state.axisNames[0] == "3→1")
    }

    @Test("x offers the way from the likeliest class here to another, and the directions with names of as many latents")
    func offered() throws {
        let kept = try #require(LatentDirection(name: "slant", vector: [1, 0, 0, 0, 0, 0, 0, 1]))
        let other = try #require(LatentDirection(name: "flat", vector: [1, 1]))
        var session = session(directions: [kept, other])
        let likeliest = try #require(session.state.reading.classes.parts.first).label
        var seen: Set<String> = []
        for _ in 0..<18 {
            session.press(.character("x"))
            seen.insert(session.state.axisNames[0])
        }
        #expect(seen.contains("slant") && !seen.contains("flat"))
        #expect(seen.contains { $0.hasPrefix("\(likeliest)→") })
    }

    @Test("With a way between classes along one axis, the other can still be chosen elsewhere")
    func elsewhere() {
        var session = session()
        run("direction 3 1", &session)
        run("goto 2 0 -1 0 0 1 0 0", &session)
        let before = session.state.axisNames
        session.press(.character("y"))
        #expect(session.state.axisNames[0] == before[0] && session.state.axisNames[1] != before[1])
    }

    @Test("A name keeps the present direction, and :apply goes along it by steps; u comes back")
    func named() throws {
        var session = session()
        run("direction 3 1", &session)
        let effects = run("direction slant", &session)
        let kept = try #require(session.state.directions.first)
        #expect(effects.contains(.keepDirections([kept])))
        #expect(kept.name == "slant")
        run("goto 1 1 1 1 0 0 0 0", &session)
        let start = session.state.explore.point
        run("apply slant -2", &session)
        let moved = session.state.explore.point
        #expect(abs(moved.distance(to: start) - 2 * session.state.explore.step) < 1e-5)
        for latent in 0..<8 {
            #expect(abs(start[latent] - moved[latent] - 2 * session.state.explore.step * kept.vector[latent]) < 1e-5)
        }
        session.press(.character("u"))
        #expect(session.state.explore.point == start)
        run("apply slant 2000", &session)
    }

    @Test(":forget takes a direction out of those that are kept, and of those offered; others stay")
    func forgotten() throws {
        let kept = try #require(LatentDirection(name: "slant", vector: [1, 0, 0, 0, 0, 0, 0, 1]))
        let other = try #require(LatentDirection(name: "slant", vector: [1, 1]))
        var session = session(directions: [kept, other])
        #expect(run("forget slant", &session).contains(.keepDirections([other], forgotten: kept)))
        #expect(session.state.directions == [other] && session.state.knownDirections.isEmpty)
        #expect(session.state.message?.text == "forgot slant")
        run("forget slant", &session)
        #expect(session.state.message?.text.contains("no direction “slant”") == true)
        // One that is in use is forgotten too.
        run("direction 3 1", &session)
        run("direction there", &session)
        run("forget there", &session)
        #expect(session.state.knownDirections.isEmpty)
    }

    @Test("Between two marks it works in a plane of two latents too")
    func marks() {
        var session = session(model: .digits, cloud: .blobs)
        session.press(.character("m"), .right, .right, .character("m"))
        run("direction B A", &session)
        run("apply 2", &session)
        #expect(session.state.explore.point.distance(to: LatentPoint(0, 0)) < 1e-5)
        #expect(session.state.axisNames == ["z₀", "z₁"])
    }

    @Test(
        "What cannot be is said in a sentence",
        arguments: [
            ("direction 3 12", "no images of 12"), ("direction A B", "no mark A"), ("direction 3", "takes two classes"),
            ("direction x", "takes two classes"), ("apply slant 3", "no direction"), ("apply 3", "no direction"),
            ("apply slant", "Say how far"), ("forget", "Say which direction"), ("forget slant", "no direction"),
            ("direction 3 3", "takes two classes"),
        ])
    func refusals(command: String, words: String) {
        var session = session()
        run(command, &session)
        #expect(session.state.message?.isError == true)
        #expect(session.state.message?.text.contains(words) == true, "\(session.state.message?.text ?? "")")
    }
}

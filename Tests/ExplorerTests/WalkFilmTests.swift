import Cells
import Testing

@testable import Explorer

@Suite("Playing a walk, and its film")
struct WalkFilmTests {
    private func session(columns: Int = 80, rows: Int = 24, isAnimated: Bool = false) -> Session {
        var session = Session(
            columns: columns, rows: rows, options: Options(isAnimated: isAnimated, showsHints: false), cloud: .blobs)
        session.press(.character("3"))
        return session
    }

    private func own(_ session: Session) -> WalkView { session.state[WalkView.self] }
    private func frame(_ session: Session) -> Int { own(session).playback.frame }

    @Test("It plays by itself when it is seen first, twelve frames a second, and space pauses")
    func plays() {
        var session = session(isAnimated: true)
        #expect(own(session).playback.isPlaying)
        session.wait(.milliseconds(1050))
        #expect(frame(session) == 12)
        session.press(.character(" "))
        session.wait(.seconds(2))
        #expect(frame(session) == 12)
        #expect(session.state.view.wakeTime(session.state.shared) == nil)
    }

    @Test("Without animation it stands still until space")
    func stands() {
        var session = session()
        session.wait(.seconds(1))
        #expect(frame(session) == 0)
        session.press(.character(" "))
        session.wait(.milliseconds(550))
        #expect(frame(session) == 6)
    }

    @Test("Forth and back turns at the ends; a loop begins again")
    func turns() {
        var session = session()
        session.press(.end, .character(" "))
        session.wait(.milliseconds(260))
        #expect(frame(session) == 20)
        session.press(.character("l"), .end, .character(" "))
        session.wait(.milliseconds(260))
        #expect(frame(session) == 2)
    }

    @Test("Brackets change the speed, within bounds")
    func speed() {
        var session = session()
        session.press(.character("]"))
        #expect(own(session).playback.framesPerSecond == 24)
        for _ in 0..<9 { session.press(.character("[")) }
        #expect(own(session).playback.framesPerSecond == 1)
        #expect(session.state.message?.text == "this is the slowest")
        for _ in 0..<9 { session.press(.character("]")) }
        #expect(own(session).playback.framesPerSecond == 48)
    }

    @Test("A frame that is late is dropped, not hurried after")
    func late() {
        var session = session()
        session.press(.character(" "))
        session.time += .seconds(3)
        session.send(.tick)
        #expect(frame(session) == 1)
    }

    @Test("After three rounds without a key it stops, and says that space plays on", arguments: [false, true])
    func stops(loops: Bool) {
        var session = session(columns: 120, rows: 40, isAnimated: true)
        if loops { session.press(.character("l")) }
        let round = Duration.seconds(1) / 12 * (loops ? 24 : 46)
        session.wait(round * 2 + .milliseconds(500))
        #expect(own(session).playback.isPlaying)
        // A key begins the count anew.
        session.press(.character("A"))
        session.wait(round * 2)
        #expect(own(session).playback.isPlaying && !session.text.contains("space plays on"))
        session.wait(round)
        #expect(!own(session).playback.isPlaying && frame(session) == 0)
        #expect(session.text.contains("stopped after 3 rounds · space plays on"))
        #expect(session.state.view.wakeTime(session.state.shared) == nil)
        session.press(.character(" "))
        #expect(own(session).playback.isPlaying && !session.text.contains("space plays on"))
    }

    @Test("Arrows step and stand still, and stop at the ends")
    func steps() {
        var session = session(isAnimated: true)
        session.press(.right, .right, .left)
        #expect(frame(session) == 1 && !own(session).playback.isPlaying)
        session.press(.left, .left)
        #expect(frame(session) == 0)
        session.press(.end, .right)
        #expect(frame(session) == 23)
    }

    @Test(
        "The film's title says which frames of all are shown, and they are of one size, apart",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60)])
    func film(columns: Int, rows: Int) throws {
        let session = session(columns: columns, rows: rows)
        let places = own(session).strip(session.state.shared).places
        let numbers = places.map { String($0.index + 1) }
        #expect(numbers.first == "1" && numbers.last == "24")
        let title = try #require(session.lines.first { $0.contains("film: ") })
        #expect([", ", " "].contains { title.contains(numbers.joined(separator: $0) + " of 24") })
        #expect(places.allSatisfy { $0.rect.columns >= 8 && $0.rect.size == places[0].rect.size })
        for (one, next) in zip(places, places.dropFirst()) {
            #expect(next.rect.column == one.rect.column + one.rect.columns + 1)
        }
    }

    @Test("Under the film a pointer goes on with each frame, between those that are shown too")
    func pointer() {
        var session = session()
        var columns: [Int] = []
        for _ in 0..<24 {
            columns.append(Array(session.lines[22]).firstIndex(of: "▲") ?? -1)
            session.press(.right)
        }
        #expect(zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("The mouse chooses a frame of the strip")
    func mouse() throws {
        var session = session()
        let place = try #require(own(session).strip(session.state.shared).places.last)
        session.send(.input(.mouse(.press, Position(column: place.rect.column + 1, row: place.rect.row))))
        #expect(frame(session) == place.index)
    }
}

import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("The Manifold view")
struct ManifoldTests {
    private func session(
        columns: Int = 80, rows: Int = 24, isAnimated: Bool = false, cloud: LatentCloud? = .blobs
    ) -> Session {
        var session = Session(
            columns: columns, rows: rows, options: Options(isAnimated: isAnimated, showsHints: false), cloud: cloud)
        session.press(.character("2"))
        return session
    }

    private func own(_ session: Session) -> ManifoldState { session.state[ManifoldView.self] }

    /// The requests for pictures among effects.
    private func requests(_ effects: [Effect]) -> [WorkRequest] {
        effects.compactMap(\.workRequest).filter { $0.slot == .manifold }
    }

    private func points(_ effects: [Effect]) -> [LatentPoint] {
        requests(effects).flatMap { request -> [LatentPoint] in
            if case .decode(let points) = request.work { points } else { [] }
        }
    }

    @Test(
        "It fills the screen with pictures, one of them framed",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60)])
    func fills(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        session.press(.right, .up, .up)
        #expect(own(session).tiles?.isComplete == true)
        try expect(Screen.canvas(of: session.state), matches: "manifold-\(columns)x\(rows)")
    }

    @Test("The whole plane is seen at first, and nothing beside it")
    func whole() throws {
        let frame = session(columns: 200, rows: 60).state.manifoldFrame
        let layout = session(columns: 200, rows: 60).state.manifoldLayout
        let span = frame.step * SIMD2(Double(layout.grid.across), Double(layout.grid.down))
        let window = session().state.explore.wholeWindow
        #expect(abs(span.x - Double(window.span.0)) < 1e-6 && abs(span.y - Double(window.span.1)) < 1e-6)
    }

    @Test("Pictures are asked for coarse first, each once, those beside the cursor before others")
    func order() {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.answers = false
        let points = points(session.press(.character("2")))
        let grid = session.state.manifoldLayout.grid
        #expect(points.count == grid.places.count && Set(points).count == points.count)
        #expect(points[0] == session.state.manifoldCursorPoint)
        // The first are apart by four tiles.
        let step = Float(session.state.manifoldFrame.step.x)
        #expect(abs(points[1].distance(to: points[0]) - 4 * step) < 1e-3 * step)
    }

    @Test("Moved by whole tiles, it decodes only what was not there")
    func pans() throws {
        var session = session()
        let grid = session.state.manifoldLayout.grid
        let before = try #require(own(session).tiles)
        let asked = points(session.press(.shiftRight))
        let leap = max(1, grid.across / 3)
        #expect(asked.count == leap * grid.down)
        let after = try #require(own(session).tiles)
        #expect(after.pictures[0] == before.pictures[leap])
        #expect(after.isComplete)
        #expect(session.press(.shiftLeft).compactMap(\.workRequest).count == 1)
        #expect(own(session).tiles?.pictures == before.pictures)
    }

    @Test("At the edge the arrows move the plane under the cursor")
    func edge() {
        var session = session()
        let grid = session.state.manifoldLayout.grid
        for _ in 0..<grid.across { session.press(.left) }
        #expect(session.state.manifoldCursor.column == 0)
        let center = session.state.manifoldFrame.center.x
        session.press(.left)
        #expect(session.state.manifoldCursor.column == 0)
        #expect(session.state.manifoldFrame.center.x < center)
    }

    @Test("Enter dives in around the cursor, whose point stays the same; Backspace comes out to where one was")
    func dives() {
        var session = session()
        session.press(.right, .right, .up)
        let (point, frame, cursor) = (
            session.state.manifoldCursorPoint, session.state.manifoldFrame, session.state.manifoldCursor
        )
        session.press(.enter)
        #expect(session.state.manifoldCursorPoint.distance(to: point) < 1e-6)
        #expect(abs(session.state.manifoldFrame.step.x - frame.step.x / 3) < 1e-12)
        session.press(.right, .enter, .down, .enter, .backspace, .backspace, .backspace)
        #expect(session.state.manifoldFrame == frame)
        #expect(session.state.manifoldCursor == cursor)
        session.press(.backspace)
        #expect(session.state.message?.text == "this is the whole plane")
    }

    @Test(
        "Other sizes and another scale keep the dives: Backspace comes out one by one, to where the cursor was",
        arguments: [
            [Key.character("+")], [.character("-"), .character("-")], [.character("n")],
            [.character("n"), .character("+"), .character("n")],
        ])
    func keepsDives(changes: [Key]) {
        var session = session()
        session.press(.right, .right, .up)
        var (points, steps) = ([LatentPoint](), [Double]())
        for _ in 0..<4 {
            points.append(session.state.manifoldCursorPoint)
            session.press(.enter, .right)
        }
        for key in changes { session.press(key) }
        #expect(own(session).past.count == 4)
        for point in points.reversed() {
            session.press(.backspace)
            steps.append(session.state.manifoldFrame.step.x)
            // The nearest of other tiles.
            let (place, frame) = (session.state.manifoldCursorPoint, session.state.manifoldFrame)
            let beside = frame.coordinates(of: frame.place(of: SIMD2(place[0], place[1])) + frame.step)
            #expect(abs(place[0] - point[0]) <= 0.51 * abs(beside.x - place[0]) + 1e-6)
            #expect(abs(place[1] - point[1]) <= 0.51 * abs(beside.y - place[1]) + 1e-6)
        }
        #expect(steps == steps.sorted() && Set(steps).count == 4)
        #expect(own(session).frame == nil && own(session).past.isEmpty)
    }

    @Test("There and back between the scales a dive shows the same")
    func scalesInside() throws {
        var session = session()
        session.press(.right, .up, .enter, .enter)
        let (frame, point) = (session.state.manifoldFrame, session.state.manifoldCursorPoint)
        session.press(.character("n"))
        #expect(session.state.manifoldFrame.scale == .quantiles)
        #expect(session.state.manifoldCursorPoint.distance(to: point) < Float(frame.step.max()))
        session.press(.character("n"))
        let back = session.state.manifoldFrame
        #expect(abs(back.step.x / frame.step.x - 1) < 1e-6 && abs(back.step.y / frame.step.y - 1) < 1e-6)
        #expect(session.state.manifoldCursorPoint.distance(to: point) < 1e-5)
    }

    @Test("A dive that the prior's probability cannot tell apart ends in the last that it can")
    func scaleEnds() {
        var session = session()
        for _ in 0..<30 { session.press(.enter) }
        session.press(.character("n"))
        let own = own(session)
        #expect(own.frame?.scale == .quantiles && own.frame?.isResolved == true)
        for _ in 0..<40 { session.press(.backspace) }
        #expect(session.state.message?.text == "this is the whole plane")
    }

    @Test("On a terminal of another size the framed picture is the nearest to the same place")
    func resized() {
        var session = session()
        session.press(.right, .right, .right, .up)
        let point = session.state.manifoldCursorPoint
        session.send(.input(.resized(Size(columns: 131, rows: 43))))
        let (frame, place) = (session.state.manifoldFrame, session.state.manifoldCursorPoint)
        #expect(Double(abs(place[0] - point[0])) <= 0.501 * frame.step.x)
        #expect(Double(abs(place[1] - point[1])) <= 0.501 * frame.step.y)
        session.send(.input(.resized(Size(columns: 80, rows: 24))))
        #expect(session.state.manifoldCursorPoint == point)
    }

    @Test("It goes down to where float32 ends, says so, and never shows one point twice")
    func depth() {
        var session = session()
        session.press(.right)
        var dives = 0
        while session.state.message == nil, dives < 60 {
            session.press(.enter)
            dives += 1
        }
        #expect(session.state.message?.text.contains("float32 ends here") == true)
        #expect((10...20).contains(dives))
        let grid = session.state.manifoldLayout.grid
        let row = (0..<grid.across).map {
            session.state.shared.manifoldPoint(
                of: session.state.shared.manifoldPlace(of: TilePlace(column: $0, row: 0)))
        }
        #expect(Set(row).count == row.count)
    }

    @Test("A dive takes frames within 150 ms, keys do not wait for it, and --no-animation leaves it out")
    func animates() {
        var session = session(isAnimated: true)
        let before = session.state.manifoldShownFrame
        session.press(.enter)
        #expect(session.state.manifoldShownFrame == before)
        session.wait(.milliseconds(60))
        let between = session.state.manifoldShownFrame.step.x
        #expect(between < before.step.x && between > before.step.x / 3)
        #expect(own(session).older != nil)
        session.press(.right)
        session.wait(.milliseconds(100))
        #expect(session.state.manifoldShownFrame == session.state.manifoldFrame)
        #expect(own(session).older == nil)
        #expect(session.state.wakeTime == nil)
        #expect(own(session).tiles?.isComplete == true)
    }

    @Test("+ and − go from a few cells a picture to one that fills the screen")
    func sizes() {
        var session = session()
        var counts = [session.state.manifoldLayout.grid.places.count]
        for _ in 0..<30 {
            session.press(.character("+"))
            counts.append(session.state.manifoldLayout.grid.places.count)
        }
        #expect(counts.last == 1)
        #expect(counts == counts.sorted(by: >))
        #expect(session.state.message?.text == "one picture fills the screen")
        for _ in 0..<40 { session.press(.character("-")) }
        #expect(session.state.manifoldLayout.tile.columns <= 4)
        #expect(own(session).tiles?.isComplete == true)
    }

    @Test("n goes between even steps in z and the prior's quantiles")
    func scales() {
        var session = session()
        session.press(.character("n"))
        let layout = session.state.manifoldLayout
        let first = session.state.shared.manifoldPoint(
            of: session.state.shared.manifoldPlace(of: TilePlace(column: 0, row: 0)))
        let expected = normalQuantile(0.5 / Double(layout.grid.across))
        #expect(abs(Double(first[0]) - expected) < 1e-5)
        session.press(.shiftRight)
        #expect(session.state.message?.text == "the prior ends here")
        session.press(.enter, .shiftLeft, .character("n"))
        #expect(session.state.manifoldFrame.scale == .linear)
    }

    @Test("o shows the class of each; without labels it says what is missing")
    func classes() throws {
        var session = session(columns: 120, rows: 40)
        session.press(.character("o"))
        try expect(Screen.canvas(of: session.state), matches: "manifold-classes-120x40")
        var bare = self.session(cloud: nil)
        bare.press(.character("o"))
        #expect(bare.state.message?.isError == true)
    }

    @Test("Tab goes to Explore at the framed point, and back")
    func tab() {
        var session = session()
        session.press(.right, .right)
        let point = session.state.manifoldCursorPoint
        session.press(.tab)
        #expect(session.state.view.card.digit == ExploreView.digit)
        #expect(session.state.explore.point == point)
        session.press(.tab)
        #expect(session.state.view.card.digit == ManifoldView.digit)
        #expect(session.state.manifoldCursorPoint.distance(to: point) < 1e-5)
    }

    @Test("However many dives away a picture is, it is never drawn larger than a few screens", arguments: [1, 7, 14])
    func deep(dives: Int) {
        var session = session()
        for _ in 0..<dives { session.press(.enter) }
        session.press(.character("+"))
        session.press(.backspace)
        session.wait(.seconds(1))
        #expect(own(session).zoom == nil)
        #expect(own(session).tiles?.isComplete == true)
        let layout = session.state.manifoldLayout
        let (small, large) = (SIMD2(1e-9, 1e-9), SIMD2(1.0, 1.0))
        let far = ManifoldFrame(scale: .linear, center: [0, 0], step: small)
        #expect(layout.rect(of: [0, 0], step: large, through: far) == nil)
        #expect(layout.rect(of: [1e30, 0], step: small, through: far) == nil)
    }

    @Test("Of more than two latents the pictures are those of the plane through the point")
    func moved() {
        var session = Session(model: .eight, options: Options(isAnimated: false, showsHints: false), cloud: .eight)
        session.press(.character("2"))
        session.press(.character("1"))
        session.type(":goto 1 1 1 1 1 1 1 1")
        session.press(.enter)
        #expect(requests(session.press(.character("2"))).count == 1)
        session.press(.character("1"), .character("2"))
        #expect(requests(session.press(.character("1"), .character("2"))).isEmpty)
    }

    @Test("Pictures that come a few at a time make the same screen as all at once", arguments: [false, true])
    func parts(showsClasses: Bool) {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.press(.character("2"))
        if showsClasses { session.press(.character("o")) }
        session.answers = false
        for request in requests(session.press(.enter)) {
            guard case .decode(let points) = request.work else { continue }
            for (index, point) in points.enumerated() {
                let result = WorkResult.pictures([.ring(at: point)], first: index)
                session.send(.worked(WorkAnswer(number: request.number, slot: .manifold, result: result)))
            }
        }
        let state = session.state
        var whole = Canvas(state.manifoldLayout.body.size)
        ManifoldDrawing(shared: state.shared, layout: state.manifoldLayout, shown: state.manifoldFrame).draw(
            into: &whole)
        #expect(own(session).tiles?.isComplete == true)
        #expect(own(session).drawn.canvas == whole)
    }

    @Test("Answers to an older request are nobody's, and leaving calls the work off")
    func stale() {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.answers = false
        let first = requests(session.press(.character("2")))
        session.press(.enter)
        let before = own(session).drawn.canvas
        for request in first {
            let result = WorkResult.pictures([.ring(at: LatentPoint(0, 0))], first: 0)
            session.send(.worked(WorkAnswer(number: request.number, slot: .manifold, result: result)))
        }
        #expect(own(session).drawn.canvas == before)
        #expect(session.press(.character("1")).contains(.drop(.manifold)))
        #expect(requests(session.press(.character("2"))).count == 1)
    }

    @Test("A click frames a picture, and the wheel dives and comes out")
    func mouse() {
        var session = session()
        let grid = session.state.manifoldLayout.grid
        let place = grid.places[grid.across + 2]
        let position = Position(column: place.column, row: place.row)
        session.send(.input(.mouse(.press, position)))
        #expect(session.state.manifoldCursor == TilePlace(column: 2, row: 1))
        session.send(.input(.mouse(.wheelUp, position)))
        #expect(own(session).past.count == 1)
        session.send(.input(.mouse(.wheelDown, position)))
        #expect(own(session).frame == nil)
    }
}

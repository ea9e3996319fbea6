import Cells
import Latent
import Testing

@testable import Explorer

@Suite("The decoder's stretch")
struct StretchTests {
    private func session(
        _ background: PlaneBackground = .stretch, columns: Int = 80, rows: Int = 24
    ) -> Session {
        let options = Options(preferences: Preferences(plane: background), isAnimated: false, showsHints: false)
        return Session(columns: columns, rows: rows, options: options)
    }

    /// The newest request for the map.
    private func request(_ session: Session) throws -> WorkRequest {
        try #require(session.effects.works.last { $0.slot == .stretch })
    }

    private func points(_ request: WorkRequest) -> [LatentPoint] {
        guard case .stretch(let points, _) = request.work else { return [] }
        return points
    }

    private func answer(_ request: WorkRequest, _ range: Range<Int>) -> Event {
        let stretches = points(request)[range].map { PlaneStretch.swirl(at: $0) }
        let result = WorkResult.stretches(Array(stretches), first: range.lowerBound)
        return .worked(WorkAnswer(number: request.number, slot: .stretch, result: result))
    }

    /// A session that has moved off its first zoom, and whose newest map has not been answered.
    private func waiting() throws -> (Session, WorkRequest) {
        var session = session()
        session.answers = false
        session.press(.character("+"))
        return (session, try request(session))
    }

    @Test(
        "The heat map fills the plane at each size, and says what its tones mean",
        arguments: [(80, 24), (120, 40), (200, 60)])
    func heatMap(columns: Int, rows: Int) throws {
        let session = session(columns: columns, rows: rows)
        try expect(Screen.canvas(of: session.state), matches: "stretch-\(columns)x\(rows)")
    }

    @Test("Ellipses show the direction too", arguments: [(80, 24), (120, 40), (200, 60)])
    func ellipses(columns: Int, rows: Int) throws {
        let session = session(.ellipses, columns: columns, rows: rows)
        try expect(Screen.canvas(of: session.state), matches: "ellipses-\(columns)x\(rows)")
    }

    @Test("It is asked for once at every cell, every eighth column and fourth row first")
    func order() throws {
        let session = session()
        let grid = try #require(session.state.planeGrid)
        let cells = points(try request(session)).map {
            Position(column: grid.column(of: $0[0]), row: grid.row(of: $0[1]))
        }
        #expect(cells.count == grid.columns * grid.rows)
        #expect(Set(cells).count == cells.count)
        let coarse = (grid.columns + 7) / 8 * ((grid.rows + 3) / 4)
        #expect(cells.prefix(coarse).allSatisfy { $0.column % 8 == 0 && $0.row % 4 == 0 })
    }

    @Test("What was seen stays until the coarsest cells of another zoom are there; then those fill the plane")
    func coarseFirst() throws {
        var (session, request) = try waiting()
        let before = session.state.background.canvas
        session.send(answer(request, 0..<5))
        #expect(session.state.background.canvas == before)
        session.send(answer(request, 5..<30))
        #expect(session.state.background.canvas != before)
        let map = try #require(session.state[ExploreView.self].map)
        #expect(!map.isComplete && map.magnifications.allSatisfy { $0 > 0 })
    }

    @Test("Moving the point asks for the point's own stretch, and for nothing of the map")
    func moving() throws {
        var session = session()
        let works = session.press(.right, .up, .character("r")).works
        #expect(works.map(\.slot) == [.point, .point, .point])
        #expect(points(try #require(works.last)) == [session.state.explore.point])
    }

    @Test("Answers to an older zoom are nobody's")
    func older() throws {
        var (session, request) = try waiting()
        session.press(.character("+"))
        session.send(answer(request, 0..<40))
        #expect(session.state[ExploreView.self].map?.known == 0)
    }

    @Test("Where the window moves, what is known of its cells moves along, and only the rest is asked for")
    func panning() throws {
        var session = session()
        let before = try #require(session.state.planeGrid)
        session.answers = false
        while session.state.planeGrid == before { session.press(.character("L")) }
        let grid = try #require(session.state.planeGrid)
        let (moved, _) = try #require(grid.offset(to: before))
        #expect(moved == grid.columns / 3)
        let rest = points(try request(session))
        #expect(rest.count == moved * grid.rows)
        #expect(rest.allSatisfy { grid.column(of: $0[0]) >= grid.columns - moved })
        let map = try #require(session.state[ExploreView.self].map)
        for (sample, rect) in map.samples.places.enumerated() where rect.column < grid.columns - moved {
            let place = grid.point(column: rect.column, row: rect.row)
            #expect(abs(map.magnifications[sample] / PlaneStretch.swirl(at: place).magnification - 1) < 1e-3)
        }
    }

    @Test("Back from another zoom nothing is asked for again; other weights are asked for all")
    func zoomingBack() throws {
        var session = session()
        let whole = points(try request(session)).count
        let first = session.effects.works.count
        session.press(.character("+"))
        #expect(session.effects.works.count > first)
        session.answers = false
        let second = session.effects.works.count
        session.press(.character("-"))
        #expect(session.effects.works[second...].allSatisfy { $0.slot != .stretch })
        #expect(session.state[ExploreView.self].map?.isComplete == true)
        session.send(.run(.renewed(moment: "epoch 1")))
        #expect(points(try request(session)).count == whole)
    }

    @Test("In another view nobody needs it; back again, only what is missing is asked for")
    func leaving() throws {
        var (session, first) = try waiting()
        session.send(answer(first, 0..<40))
        #expect(session.press(.character("2")).contains(.drop(.stretch)))
        session.send(answer(first, 40..<50))
        session.press(.character("1"))
        let rest = try request(session)
        #expect(rest.number != first.number)
        #expect(points(rest) == Array(points(first)[40...]))
        session.send(answer(rest, 0..<points(rest).count))
        #expect(session.state[ExploreView.self].map?.isComplete == true)
    }

    @Test("Its share done stands at the right of the bottom line once it takes a while")
    func progress() throws {
        var (session, request) = try waiting()
        session.send(answer(request, 0..<240))
        #expect(!session.lines[23].contains("stretch"))
        session.time += .seconds(1)
        session.send(answer(request, 240..<480))
        #expect(session.lines[23].contains("stretch  50 %"))
        #expect(session.lines[23].contains("1 s left"))
    }

    @Test("A model whose derivatives cannot be had says so once, and is not asked again")
    func unavailable() throws {
        var (session, map) = try waiting()
        session.press(.right)
        for request in [map, try #require(session.effects.works.last { $0.slot == .point })] {
            let result = WorkResult.stretches([], first: 0)
            session.send(.worked(WorkAnswer(number: request.number, slot: request.slot, result: result)))
        }
        let count = session.effects.works.count
        session.press(.right)
        #expect(session.effects.works.count == count)
        #expect(session.text.contains("derivatives cannot"))
        #expect(!session.lines.contains { $0.contains("│ stretch") })
    }

    @Test("Here it says how far the image moves for a unit of z")
    func here() {
        var session = session(.nothing, columns: 120, rows: 40)
        session.press(.character("g"))
        session.type("1.5 0.3")
        session.press(.enter)
        let stretch = PlaneStretch.swirl(at: session.state.explore.point)
        let (along, across) = (Int(stretch.along.rounded()), Int(stretch.across.rounded()))
        #expect(along >= 10 && across < along)
        #expect(session.text.contains("stretch      \(along) px-units per unit of z"))
    }

    @Test("A few places far above all others leave the ellipses of the rest their size")
    func outliers() throws {
        let own = session(.ellipses).state[ExploreView.self]
        var map = StretchMap(try #require(own.map).key, base: LatentPoint(0, 0), at: .zero)
        map.request = (1, 0)
        let count = map.order.count
        let stretches = (0..<count).map {
            PlaneStretch(direction: [1, 0], along: $0 == 3 ? 900 : 5 + Float($0) / Float(count), across: 1)
        }
        map.take(stretches, first: 0)
        #expect(map.isComplete && (5.5...6).contains(map.fullStretch))
    }

    @Test("Of more than two latents a jump asks for the map of the plane where it ends, once")
    func glide() throws {
        let options = Options(preferences: Preferences(plane: .stretch), showsHints: false)
        var session = Session(columns: 120, rows: 40, model: .eight, options: options, cloud: .eight)
        let before = session.effects.works.filter { $0.slot == .stretch }.count
        session.press(.character("r"))
        session.wait(.seconds(1))
        let requests = session.effects.works.filter { $0.slot == .stretch }
        #expect(requests.count == before + 1)
        let plane = try #require(session.state.explore.plane)
        let request = try #require(requests.last)
        let point = try #require(points(request).first)
        let moved = plane.point(plane.coordinates(of: point), through: session.state.explore.point)
        #expect(moved.distance(to: point) < 1e-4)
    }

    @Test("Numbers keep two digits that count")
    func rounded() {
        let type = Typography(glyphs: .blocks, borders: .line)
        #expect([0.0342, 0.5, 3.44, 9.96, 412].map { type.rounded($0) } == ["0.034", "0.50", "3.4", "10", "412"])
        #expect(type.rounded(2_396.4) == "2,396")
    }
}

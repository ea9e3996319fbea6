import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("The Walk view")
struct WalkTests {
    private func session(
        columns: Int = 80, rows: Int = 24, isAnimated: Bool = false, model: ModelFacts = .digits,
        cloud: LatentCloud? = .blobs
    ) -> Session {
        var session = Session(
            columns: columns, rows: rows, model: model, options: Options(isAnimated: isAnimated, showsHints: false),
            cloud: cloud)
        session.press(.character("3"))
        return session
    }

    private func own(_ session: Session) -> WalkState { session.state[WalkView.self] }
    private func frame(_ session: Session) -> Int { own(session).playback.frame }

    private func orders(_ effects: [Effect]) -> [WalkOrder] {
        effects.compactMap(\.workRequest).compactMap { request in
            if case .walk(let order) = request.work { order } else { nil }
        }
    }

    private func image(_ end: WalkEnd?) throws -> Int {
        guard case .image(let image) = end else {
            Issue.record("this end is no image: \(String(describing: end))")
            return 0
        }
        return image
    }

    // MARK: Screens

    @Test(
        "It uses its room: ends, path and plane over a strip of frames",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60), (300, 100)])
    func screens(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        for _ in 0..<9 { session.press(.right) }
        session.wait(.seconds(5))
        try expect(Screen.canvas(of: session.state), matches: "walk-\(columns)x\(rows)")
    }

    @Test("All paths are seen side by side", arguments: [(60, 20), (80, 24), (120, 40), (200, 60)])
    func all(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        session.press(.character("A"), .right, .right, .right)
        try expect(Screen.canvas(of: session.state), matches: "walk-all-\(columns)x\(rows)")
    }

    @Test("Without data it walks between two points, and draws one picture a side")
    func withoutData() throws {
        let session = session(cloud: nil)
        #expect(session.state.walkEnds.start == .point(LatentPoint(-1.5, 0)))
        #expect(session.state.walkEnds.end == .point(LatentPoint(1.5, 0)))
        #expect(own(session).walk?.order.metric == .plain)
        try expect(Screen.canvas(of: session.state), matches: "walk-no-data-80x24")
    }

    @Test("ASCII alone draws the same view")
    func ascii() throws {
        var session = Session(profile: .ascii, options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.press(.character("3"), .right, .right)
        try expect(Screen.canvas(of: session.state), matches: "walk-ascii-80x24")
    }

    @Test("Every picture is a whole multiple of its pixels where one fits, and nothing leaves its column")
    func layout() {
        for columns in stride(from: 60, through: 240, by: 7) {
            for rows in stride(from: 20, through: 80, by: 5) {
                for showsAll in [false, true] {
                    let layout = WalkLayout(
                        size: Size(columns: columns, rows: rows), model: .digits, frames: 24, showsAll: showsAll,
                        cellRatio: 2)
                    #expect(layout.pictures.allSatisfy { $0.columns < 28 || $0.columns % 28 == 0 })
                    let parts =
                        layout.pictures + (layout.ends ?? [])
                        + [layout.plane, layout.chart, layout.table].compactMap { $0 }
                    for (index, part) in parts.enumerated() {
                        let column = layout.columns.filter { $0.intersects(part) }
                        #expect(column.count == 1 && !part.isEmpty, "\(columns)×\(rows)")
                        guard let column = column.first else { continue }
                        #expect(part.row >= column.row && part.row + part.rows <= column.row + column.rows)
                        #expect(part.column >= column.column)
                        #expect(part.column + part.columns <= column.column + column.columns)
                        #expect(!parts[..<index].contains { $0.intersects(part) }, "\(columns)×\(rows)")
                    }
                }
            }
        }
    }

    // MARK: Paths

    @Test("The straight path is seen until the geodesic is found; how far the search is stands in the table")
    func progressive() throws {
        var session = session(columns: 120, rows: 40)
        session.answers = false
        session.press(.character("n"))
        let number = try #require(own(session).walk?.number)
        let order = try #require(own(session).walk?.order)
        func send(_ news: WalkNews) {
            session.send(.worked(WorkAnswer(number: number, slot: .walk, result: .walk(news))))
        }
        send(.found(.made(.straight, for: order)))
        #expect(session.state.shownWalkPath?.kind == .straight)
        #expect(session.text.contains("path: straight for now"))
        send(.searching(way: [order.start, order.end], share: 0.4))
        #expect(session.text.contains("searching… 40 %"))
        send(.found(.made(.geodesic, for: order)))
        #expect(session.state.shownWalkPath?.kind == .geodesic)
        #expect(session.text.contains("28.4"))
        #expect(!session.text.contains("searching"))
    }

    @Test("A model without derivatives has no geodesic, and says so")
    func impossible() throws {
        var session = session(columns: 120, rows: 40)
        session.answers = false
        session.press(.character("n"))
        let walk = try #require(own(session).walk)
        session.send(
            .worked(
                WorkAnswer(number: walk.number, slot: .walk, result: .walk(.found(.made(.straight, for: walk.order))))))
        let news = WalkNews.noGeodesic(reason: "geodesics are for few latents")
        session.send(.worked(WorkAnswer(number: walk.number, slot: .walk, result: .walk(news))))
        #expect(session.text.contains("not for this model"))
        session.press(.character("t"), .character("t"), .character("t"))
        #expect(own(session).kind == .geodesic && session.text.contains("geodesics are for few latents"))
        #expect(session.press(.character("1")).contains(.drop(.walk)) == false)
    }

    @Test("Answers to an older order are nobody's")
    func stale() throws {
        var session = session()
        session.answers = false
        let old = try #require(own(session).walk)
        session.press(.character("n"))
        session.send(
            .worked(
                WorkAnswer(number: old.number, slot: .walk, result: .walk(.found(.made(.straight, for: old.order))))))
        #expect(own(session).walk?.paths.isEmpty == true)
    }

    @Test("t goes round the paths at the same moment, M round the metrics with a new search")
    func pathsAndMetrics() {
        var session = session()
        session.press(.right, .right)
        let kinds = (0..<3).map { _ -> WalkPathKind in
            #expect(session.press(.character("t")).isEmpty)
            return own(session).kind
        }
        #expect(kinds == [.straight, .spherical, .geodesic])
        #expect(frame(session) == 2)
        let metrics = (0..<3).map { _ in orders(session.press(.character("M"))).first?.metric }
        #expect(metrics == [.plain, .fisher, .density])
        #expect(frame(session) == 2)
    }

    @Test("Leaving drops a search that nobody waits for, and coming back begins it again")
    func leaving() {
        var session = session()
        session.answers = false
        session.press(.character("n"))
        #expect(session.press(.character("1")).contains(.drop(.walk)))
        #expect(orders(session.press(.character("3"))).count == 1)
    }

    @Test("Other weights make other paths; what is found stays while one is elsewhere")
    func weights() {
        var session = session()
        session.press(.character("1"))
        #expect(orders(session.press(.character("3"))).isEmpty)
        #expect(orders(session.send(.run(.renewed(moment: "epoch 2")))).count == 1)
    }

    @Test("The data's own pictures of both ends are asked for once")
    func originals() throws {
        var session = session()
        let ends = try [session.state.walkEnds.start, session.state.walkEnds.end].map { try image($0) }
        let asked = session.effects.compactMap(\.workRequest).filter { $0.slot == .images }.map(\.work)
        #expect(asked == [.images(ends)])
        #expect(ends.allSatisfy { own(session).originals[$0] != nil })
        #expect(session.press(.character("x")).compactMap(\.workRequest).filter { $0.slot == .images }.isEmpty)
    }

    // MARK: Playing

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

    @Test("The mouse chooses a frame of the strip")
    func mouse() throws {
        var session = session()
        let place = try #require(session.state.walkStrip.places.last)
        session.send(.input(.mouse(.press, Position(column: place.rect.column + 1, row: place.rect.row))))
        #expect(frame(session) == place.index)
    }

    @Test("Tab opens Explore at the frame's point, and comes back")
    func tab() throws {
        var session = session()
        session.press(.right, .right, .right)
        let path = try #require(session.state.shownWalkPath)
        session.press(.tab)
        #expect(session.state.view.card.digit == ExploreView.digit)
        #expect(session.state.explore.point == path.points[3])
        session.press(.tab)
        #expect(session.state.view.card.digit == WalkView.digit && frame(session) == 3)
    }

    // MARK: More and fewer latents

    @Test("Ten latents are seen on the plane's projection; one latent has no plane", arguments: [1, 10])
    func latents(count: Int) throws {
        let model = ModelFacts(name: "run", latentCount: count, width: 28, height: 28)
        let session = session(model: model, cloud: nil)
        #expect(own(session).walk?.order.start.count == count)
        #expect(own(session).walk?.paths.count == 3)
        try expect(Screen.canvas(of: session.state), matches: "walk-latents-\(count)-80x24")
    }

    // MARK: Files

    private func exhibit(_ effects: [Effect]) -> Exhibit? {
        effects.lazy.compactMap { if case .export(let order) = $0 { order.exhibit } else { nil } }.first
    }

    @Test("e asks for a file: a film goes forth and back as it is seen, a picture is one row")
    func export() throws {
        var session = session()
        session.press(.character("e"))
        #expect(session.state.prompt?.string == "walk.gif")
        let path = try #require(session.state.shownWalkPath)
        let back = path.pictures.dropFirst().dropLast().reversed()
        #expect(
            exhibit(session.press(.enter)) == .film(path.pictures + back, frameDuration: .seconds(1) / 12))
        session.press(.character(":"))
        session.type("export walk.png")
        let sheet = exhibit(session.press(.enter))
        guard case .picture(let picture) = sheet else {
            Issue.record("no picture: \(String(describing: sheet))")
            return
        }
        #expect(picture.width == 24 * 28 && picture.height == 28)
        session.press(.character(":"))
        session.type("export walk.txt")
        guard case .text(let text) = exhibit(session.press(.enter)) else {
            Issue.record("no text")
            return
        }
        #expect(text.split(separator: "\n").count > 20)
    }

    @Test("Explore exports the point's picture, Manifold its sheet, as before or as they are seen")
    func exportElsewhere() throws {
        var session = session()
        func export(_ view: Unicode.Scalar) -> Exhibit? {
            session.press(.character(view), .character(":"))
            session.type("export it.png")
            return exhibit(session.press(.enter))
        }
        #expect(export("1") == .picture(try #require(session.state.picture?.picture)))
        let grid = session.state.manifoldLayout.grid
        guard case .picture(let sheet) = export("2") else {
            Issue.record("no sheet")
            return
        }
        #expect(sheet.width == 28 * grid.across && sheet.height == 28 * grid.down)
        session.press(.character(":"))
        session.type("export it.pdf")
        #expect(session.press(.enter).isEmpty)
        #expect(session.state.message?.isError == true)
    }
}

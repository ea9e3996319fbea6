import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("The ends of a walk")
struct WalkEndsTests {
    private func session(cloud: LatentCloud? = .blobs) -> Session {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: cloud)
        session.press(.character("3"))
        return session
    }

    private func own(_ session: Session) -> WalkView { session.state[WalkView.self] }

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

    @Test("Where nobody chose ends they are two images of different classes, the same at each start")
    func drawnEnds() throws {
        let (one, other) = (session(), session())
        #expect(one.state.walkEnds == other.state.walkEnds)
        let labels = try #require(one.state.cloud?.labels)
        #expect(labels[try image(one.state.walkEnds.start)] != labels[try image(one.state.walkEnds.end)])
        #expect(own(one).walk?.order.metric == .density)
    }

    @Test("Ends drawn without data give way to images when data come; those that were chosen stay")
    func betterEnds() throws {
        var session = session(cloud: nil)
        session.press(.character("g"))
        session.type("0.5 0.5")
        session.press(.enter)
        session.send(.encoded(.blobs))
        _ = try image(session.state.walkEnds.start)
        #expect(session.state.walkEnds.end == .point(LatentPoint(0.5, 0.5)))
        #expect(own(session).walk?.order.metric == .density)
        #expect(own(session).walk?.order.end == LatentPoint(0.5, 0.5))
    }

    @Test(
        "A class that there is not is named with those that there are",
        arguments: [
            ("99:3", "sample has no class 99: its classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9."),
            ("99", "sample has no class 99: its classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9; #99 is the image."),
            ("3:4000", "sample has 200 images of class 3: they are counted from 0."),
        ])
    func noClass(line: String, sentence: String) {
        var session = session()
        session.press(.character("g"))
        session.type(line)
        session.press(.enter)
        #expect(session.state.message?.text == sentence)
    }

    @Test("An end that another view chose is taken, and the other one is drawn")
    func chosenElsewhere() throws {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.state.shared.walkEnds.start = .image(42)
        session.press(.character("3"))
        #expect(session.state.walkEnds.start == .image(42))
        #expect(own(session).walk?.order.start == LatentCloud.blobs.mean(of: 42))
        _ = try image(session.state.walkEnds.end)
    }

    @Test("Places that can be typed")
    func places() {
        func place(_ text: String, _ latents: Int = 2) -> WalkPlace? {
            try? WalkPlace.parse(text, latentCount: latents).get()
        }
        #expect(place("#18") == .image(18))
        #expect(place("3") == .anyOf(3))
        #expect(place("a 3") == .anyOf(3))
        #expect(place("an 8") == .anyOf(8))
        #expect(place("class 12") == .anyOf(12))
        #expect(place("b") == .mark("B"))
        #expect(place(".") == .crosshair)
        #expect(place("0.4, −1.3") == .point(LatentPoint(0.4, -1.3)))
        #expect(place("0.4", 1) == .point(LatentPoint([0.4])))
        for wrong in ["", "#x", "0.4", "1 2 3", "nan 0", "a b"] { #expect(place(wrong) == nil, "\(wrong)") }
    }

    @Test("f and g ask for the ends, and each kind of place makes one")
    func choosing() throws {
        var session = session()
        func choose(_ key: Unicode.Scalar, _ text: String) {
            session.press(.character(key))
            session.type(text)
            session.press(.enter)
        }
        choose("f", "#18")
        #expect(session.state.walkEnds.start == .image(18))
        choose("g", "a 3")
        let labels = try #require(session.state.cloud?.labels)
        #expect(labels[try image(session.state.walkEnds.end)] == 3)
        choose("g", "0.25 -0.5")
        #expect(session.state.walkEnds.end == .point(LatentPoint(0.25, -0.5)))
        #expect(session.text.contains("+0.25 −0.50"))
        choose("g", ".")
        #expect(session.state.walkEnds.end == .point(session.state.explore.point))
        #expect(orders(session.effects).last?.start == LatentCloud.blobs.mean(of: 18))
    }

    @Test("A mark is an end by its letter; what is not there is said")
    func marks() {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.press(.right, .character("m"), .left)
        let marked = session.state.explore.marks[0].point
        session.press(.character(":"))
        session.type("from A")
        session.press(.enter)
        #expect(session.state.walkEnds.start == .point(marked))
        #expect(session.state.message?.text.contains("3 shows it") == true)
        for (text, words) in [
            ("to B", "no mark B"), ("to #99999", "no image #99999"),
            ("to 77", "no class 77: its classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9; #77 is the image"),
        ] {
            session.press(.character(":"))
            session.type(text)
            session.press(.enter)
            #expect(session.state.message?.isError == true)
            #expect(session.state.message?.text.contains(words) == true, "\(text)")
        }
        #expect(session.state.walkEnds.end == nil)
    }

    @Test("x swaps the ends, n draws others of the same classes")
    func swapping() throws {
        var session = session()
        let before = session.state.walkEnds
        session.press(.character("x"))
        #expect(session.state.walkEnds.start == before.end && session.state.walkEnds.end == before.start)
        let labels = try #require(session.state.cloud?.labels)
        let classes = try [before.end, before.start].map { labels[try image($0)] }
        let asked = orders(session.press(.character("n")))
        let after = session.state.walkEnds
        #expect(after.start != before.end && after.end != before.start)
        #expect(try [after.start, after.end].map { labels[try image($0)] } == classes)
        #expect(asked.count == 1)
    }

    @Test("Swapped, what was found leads the other way, and nothing is sought anew")
    func swappedPaths() throws {
        var session = session()
        session.press(.right, .right)
        let before = try #require(own(session).walk)
        #expect(session.press(.character("x")).isEmpty)
        let after = try #require(own(session).walk)
        #expect(after.number == before.number)
        #expect(after.order.start == before.order.end && after.order.end == before.order.start)
        for kind in WalkPathKind.allCases {
            let (one, other) = (try #require(before.paths[kind]), try #require(after.paths[kind]))
            #expect(other.points == one.points.reversed() && other.pictures == one.pictures.reversed())
            #expect(other.steps == one.steps.reversed() && other.length == one.length)
        }
        #expect(own(session).playback.frame == 0)
        session.press(.character("x"))
        #expect(own(session).walk?.paths == before.paths)
    }

    @Test("A search goes on while the ends are swapped, and what it finds is turned around")
    func swappedSearch() throws {
        var session = session()
        session.answers = false
        session.press(.character("n"))
        let walk = try #require(own(session).walk)
        func send(_ news: WalkNews) {
            session.send(.worked(WorkAnswer(number: walk.number, slot: .walk, result: .walk(news))))
        }
        #expect(session.press(.character("x")).works.filter { $0.slot == .walk }.isEmpty)
        send(.searching(way: [walk.order.start, walk.order.end], share: 0.5))
        #expect(own(session).walk?.way(.geodesic) == [walk.order.end, walk.order.start])
        send(.found(.made(.geodesic, for: walk.order)))
        #expect(
            own(session).walk?.paths[.geodesic]?.points
                == WalkPath.made(.geodesic, for: walk.order).points.reversed())
        #expect(own(session).walk?.order.start == walk.order.end)
    }

    /// A session in which nothing was measured before the view is seen.
    private func unmeasured(_ cloud: LatentCloud) -> Session {
        var session = Session(options: Options(isAnimated: false, showsHints: false))
        session.answers = false
        session.send(.encoded(cloud))
        session.press(.character("3"))
        return session
    }

    @Test("Where nothing was measured, drawn ends are of two classes and lie among their own")
    func typicalEnds() throws {
        let session = unmeasured(.blobs)
        let labels = try #require(session.state.cloud?.labels)
        for end in [session.state.walkEnds.start, session.state.walkEnds.end] {
            let image = try image(end)
            let around = LatentCloud.blobs.classShares(around: LatentCloud.blobs.mean(of: image), leavingOut: image)
            #expect(around[labels[image]] > 0.9)
        }
    }

    @Test("Ends are drawn from images that the model was measured to show well, as soon as that is known")
    func measuredEnds() throws {
        var session = Session(options: Options(isAnimated: false, showsHints: false))
        session.answers = false
        let asked = session.send(.encoded(.blobs)).works
        func request(_ slot: WorkSlot) throws -> WorkRequest { try #require(asked.first { $0.slot == slot }) }
        guard case .images(let images) = try request(.walkOriginals).work,
            case .decode(let points) = try request(.walkDecoded).work
        else {
            Issue.record("images and what the model makes of their codes are asked for")
            return
        }
        #expect(points == images.map { LatentCloud.blobs.mean(of: $0) })
        #expect(WorkSlot.walkOriginals.isIdle && WorkSlot.walkDecoded.isIdle)
        let labels = try #require(LatentCloud.blobs.labels)
        // The model makes rings of all images; those of two classes are rings.
        func answer(_ slot: WorkSlot, _ pictures: [Picture]) throws {
            let request = try request(slot)
            session.send(
                .worked(WorkAnswer(number: request.number, slot: slot, result: .pictures(pictures, first: 0))))
        }
        let ring = Picture.ring(at: LatentPoint(0, 0))
        let blank = Picture(width: 28, height: 28, values: Array(repeating: 0.5, count: 784))
        try answer(.walkOriginals, images.map { [2, 6].contains(labels[$0]) ? ring : blank })
        try answer(.walkDecoded, images.map { _ in ring })
        session.press(.character("3"))
        let ends = try [session.state.walkEnds.start, session.state.walkEnds.end].map { labels[try image($0)] }
        #expect(ends[0] != ends[1])
        let ranked = try #require(own(session).candidates).ranked
        #expect(ranked.count == images.count)
        #expect(Set(ranked.prefix(8).map { labels[$0] }) == [2, 6])
    }

    @Test("Without classes the drawn ends lie far apart, where there are many data")
    func unlabeled() throws {
        let blobs = LatentCloud.blobs
        let session = unmeasured(LatentCloud(name: "plain", dimension: 2, means: blobs.means))
        let points = try [session.state.walkEnds.start, session.state.walkEnds.end].map {
            blobs.mean(of: try image($0))
        }
        #expect(points[0].distance(to: points[1]) > 2)
        for point in points { #expect(blobs.tree.nearest(20, to: point).last?.distance ?? 9 < 0.3) }
    }

    @Test("Other data under the same indices are other images: such ends are drawn anew")
    func otherData() throws {
        var session = session()
        session.press(.character("f"))
        session.type("#18")
        session.press(.enter)
        let blobs = LatentCloud.blobs
        session.send(.encoded(LatentCloud(name: "other", dimension: 2, means: blobs.means, labels: blobs.labels)))
        #expect(session.state.walkEnds.start != .image(18))
        session.send(.encoded(LatentCloud(name: "other", dimension: 2, means: blobs.means, labels: blobs.labels)))
        let before = session.state.walkEnds
        session.send(.encoded(LatentCloud(name: "other", dimension: 2, means: blobs.means, labels: blobs.labels)))
        #expect(session.state.walkEnds == before)
    }
}

import Cells
import Latent
import Testing

@testable import Explorer

@Suite("The ends of a walk")
struct WalkEndsTests {
    private func session(cloud: LatentCloud? = .blobs) -> Session {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: cloud)
        session.press(.character("3"))
        return session
    }

    private func own(_ session: Session) -> WalkState { session.state[WalkView.self] }

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
        #expect(session.state.walkEnds == WalkEnds(start: before.end, end: before.start))
        let labels = try #require(session.state.cloud?.labels)
        let classes = try [before.end, before.start].map { labels[try image($0)] }
        let asked = orders(session.press(.character("n")))
        let after = session.state.walkEnds
        #expect(after.start != before.end && after.end != before.start)
        #expect(try [after.start, after.end].map { labels[try image($0)] } == classes)
        #expect(asked.count == 1)
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

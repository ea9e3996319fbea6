import Cells
import Latent
import Testing

@testable import Explorer

extension ModelFacts {
    /// A conditional model of as many classes as the blobs have.
    static let conditional: ModelFacts = {
        var facts = ModelFacts.digits
        facts.name = "cvae"
        facts.classCount = 10
        return facts
    }()
}

extension LatentCloud {
    /// The blobs, their classes with names.
    static let named: LatentCloud = {
        let names = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"]
        let blobs = LatentCloud.blobs
        return LatentCloud(
            name: blobs.name, dimension: 2, means: blobs.means, deviations: blobs.deviations, labels: blobs.labels,
            classNames: names)
    }()
}

@Suite("The classes of a conditional model")
struct ClassTests {
    private func session(
        _ columns: Int = 80, _ rows: Int = 24, model: ModelFacts = .conditional, cloud: LatentCloud? = .named
    ) -> Session {
        let options = Options(isAnimated: false, showsHints: false)
        return Session(columns: columns, rows: rows, model: model, options: options, cloud: cloud)
    }

    /// The classes that images are encoded as from then on.
    private func classified(_ effects: [Effect]) -> [Int?] {
        effects.compactMap { if case .classify(let label) = $0 { .some(label) } else { nil } }
    }

    @Test("> and < step through the classes, around their ends, and the picture follows")
    func stepping() {
        var session = session()
        #expect(session.state.explore.point.label == ClassMix(0))
        let next = session.press(.character(">"))
        #expect(next.decodes.map(\.label) == [ClassMix(1)] && classified(next) == [1])
        let before = session.press(.character("<"), .character("<"))
        #expect(before.decodes.map(\.label) == [ClassMix(0), ClassMix(9)] && classified(before) == [0, 9])
        #expect(
            session.text.contains("decoded as 9") && session.text.contains("9 \"Boot\"")
                || session.text.contains("9 “Boot”"))
    }

    @Test("' asks for a class by its number, its name, or how that begins", arguments: ["3", "dress", "Dr"])
    func prompt(typed: String) {
        var session = session()
        session.press(.character("'"))
        session.type(typed)
        #expect(session.press(.enter).decodes.map(\.label) == [ClassMix(3)])
    }

    @Test("A class that is none is told in a sentence, and nothing changes", arguments: ["10", "-1", "hat", "s"])
    func unknown(typed: String) {
        var session = session()
        session.press(.character("'"))
        session.type(typed)
        #expect(session.press(.enter).isEmpty && session.text.contains("There is no class"))
        #expect(session.state.imagesClass == nil)
    }

    @Test("An empty line gives each image its own class again")
    func back() {
        var session = session()
        session.press(.character(">"), .character("'"))
        let effects = session.press(.enter)
        #expect(classified(effects) == [nil] && session.state.imagesClass == nil)
        let image = 4
        session.press(.character("g"))
        session.type("#\(image)")
        let own = ClassMix(Int(LatentCloud.blobs.labels?[image] ?? 0))
        #expect(session.press(.enter).decodes.map(\.label) == [own])
    }

    @Test("With a class set images are of that class, and without one of their own")
    func images() {
        var session = session()
        func subject(_ effects: [Effect]) -> ReconstructionSubject? {
            for case .reconstruct(let subject, _) in effects.works.map(\.work) { return subject }
            return nil
        }
        #expect(subject(session.press(.character("4"))) == .image(0))
        let set = session.press(.character(">"))
        #expect(subject(set) == .image(0, as: 1) && classified(set) == [1])
        #expect(session.text.contains("class 1") && session.text.contains("for all"))
        session.press(.character("w"))
        let works = session.effects.works.map(\.work)
        #expect(works.contains(.losses(0..<2_000, as: 1)))
    }

    @Test("A drawing is of the first class, which the screen says, until one is set")
    func drawing() {
        var session = session()
        session.press(.character("4"), .character("d"))
        #expect(session.text.contains("as class 0"))
        session.press(.character(" "))
        for _ in 0..<6 { session.press(.right) }
        guard case .picture(_, as: 0)? = session.state.imagesSubject else {
            Issue.record("the drawing is of class 0")
            return
        }
        session.press(.character("<"))
        #expect(session.state.imagesSubject?.label == 9 && session.text.contains("for all"))
    }

    @Test("A mark keeps its class")
    func marks() {
        var session = session()
        session.press(.character(">"), .character("m"), .character(">"), .right, .character("g"))
        session.type("A")
        session.press(.enter)
        #expect(session.state.explore.point.label == ClassMix(1) && session.state.imagesClass == 1)
        #expect(session.text.contains("decoded as 1"))
    }

    @Test("A walk's ends keep their classes, and between two the class changes evenly")
    func walk() throws {
        var session = session()
        session.press(.character("3"), .character("f"))
        session.type("3:0")
        session.press(.enter, .character("g"))
        session.type("8:0")
        session.press(.enter)
        func order() -> WalkOrder? { session.state[WalkView.self].walk?.order }
        #expect(order()?.start.label == ClassMix(3) && order()?.end.label == ClassMix(8))
        session.press(.character(">"))
        #expect(order()?.start.label == ClassMix(3) && order()?.end.label == ClassMix(9))
        session.press(.character("="))
        let end = try #require(order())
        #expect(end.start.coordinates == end.end.coordinates && end.end.label == ClassMix(9))
        session.press(.character("'"))
        session.type("1 trouser")
        session.press(.enter)
        #expect(order()?.start.label == ClassMix(1) && order()?.end.label == ClassMix(1))
        session.press(.character("'"))
        session.type("2")
        session.press(.enter, .home, .right)
        session.wait(.seconds(5))
        let middle = try #require(WalkView.pointUnderCursor(session.state.shared)?.label)
        #expect(!middle.isPure && middle.nearest == 1 && session.text.contains("from 1 to 2"))
    }

    @Test(
        "Where nothing lies between two classes the nearer one is shown, and a word says that it changes at the middle")
    func indices() {
        var model = ModelFacts.conditional
        model.blendsClasses = false
        var session = session(model: model)
        session.press(.character("3"), .character("="))
        #expect(session.text.contains("the class changes at the middle"))
        session.press(.home, .right)
        #expect(!session.text.contains("%  from"))
    }

    @Test("Manifold shows a row for each class along one axis through the point, and scrolls where not all have room")
    func rows() {
        var session = session(80, 24)
        session.press(.up, .character("2"))
        let height = session.state.explore.place[1]
        session.press(.character("C"))
        let down = session.state.manifoldLayout.grid.down
        let points = session.effects.works.last?.work
        guard case .decode(let decoded)? = points, down > 1 else {
            Issue.record("a row for each class is decoded")
            return
        }
        #expect(Set(decoded.map(\.label)) == Set((0..<down).map { ClassMix($0) }))
        #expect(decoded.allSatisfy { $0[1] == height })
        for _ in 0..<12 { session.press(.down) }
        #expect(session.state.manifoldCursorPoint.label == ClassMix(9))
        #expect(session.text.contains("this is the last class"))
        session.press(.tab)
        #expect(session.state.explore.point.label == ClassMix(9))
    }

    @Test("In a row of classes > goes to the next row")
    func rowSteps() {
        var session = session(120, 40)
        session.press(.character("2"), .character("C"), .character(">"), .character(">"))
        #expect(session.state.manifoldCursorPoint.label == ClassMix(2))
        session.press(.character("C"))
        #expect(session.state.manifoldFirstClass == nil && session.state.manifoldCursorPoint.label == ClassMix(2))
    }

    @Test("The class of the command line is set at the start")
    func start() {
        var model = ModelFacts.conditional
        model.label = 7
        let session = session(model: model)
        #expect(session.state.imagesClass == 7 && session.state.explore.point.label == ClassMix(7))
        #expect(session.effects.decodes.first?.label == ClassMix(7))
    }

    @Test("A model without classes says in a sentence that it has none, and tells of no keys")
    func none() {
        var session = session(model: .digits)
        for key in ["<", ">", "'"] as [Unicode.Scalar] {
            #expect(session.press(.character(key)).isEmpty && session.text.contains("no classes"))
        }
        #expect(session.state.prompt == nil && session.state.explore.point.label == nil)
        session.press(.character("?"))
        #expect(!session.text.contains("the class before, after"))
    }

    @Test("The keys stand in the bottom line and the help of a conditional model", arguments: 1...5)
    func told(view: Int) {
        var session = session(200, 60)
        session.press(.character(Unicode.Scalar(UInt8(48 + view))))
        session.wait(.seconds(5))
        let hints = session.lines.dropLast(0).suffix(2).joined()
        #expect(hints.contains("< >") && hints.contains("'"))
        session.press(.character("?"))
        #expect(session.text.contains("< >"))
    }

    @Test(
        "Every view shows the class",
        arguments: [(1, "explore"), (2, "manifold"), (3, "walk"), (4, "images")],
        [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40), Size(columns: 200, rows: 60)])
    func screens(view: (Int, String), size: Size) throws {
        var session = session(size.columns, size.rows)
        session.press(.character(">"), .character(">"), .character(">"))
        session.press(.character(Unicode.Scalar(UInt8(48 + view.0))))
        if view.0 == 2 { session.press(.character("C")) }
        if view.0 == 3 { session.press(.character("=")) }
        session.wait(.seconds(5))
        try expect(
            Screen.canvas(of: session.state), matches: "class-\(view.1)-\(size.columns)x\(size.rows)")
    }
}

@Suite("Somewhere between classes")
struct ClassMixTests {
    @Test("Shares move evenly from one class to another, and the nearest changes in the middle")
    func mixing() {
        let (three, eight) = (ClassMix(3), ClassMix(8))
        #expect(three.mixed(with: eight, share: 0) == three && three.mixed(with: eight, share: 1) == eight)
        let quarter = three.mixed(with: eight, share: 0.25)
        #expect(quarter.parts.map(\.label) == [3, 8] && quarter.parts.map(\.share) == [0.75, 0.25])
        #expect(quarter.nearest == 3 && three.mixed(with: eight, share: 0.6).nearest == 8)
        // The way back.
        #expect(quarter.mixed(with: three, share: 0.5).parts.map(\.share) == [0.875, 0.125])
    }
}

import Cells
import Latent
import Testing

@testable import Explorer

@Suite("Names of classes")
struct ClassNamesTests {
    private func session(_ cloud: LatentCloud = .named, columns: Int = 120, rows: Int = 40) -> Session {
        Session(
            columns: columns, rows: rows, options: Options(isAnimated: false, showsHints: false), cloud: cloud)
    }

    private func entered(_ key: Unicode.Scalar, _ text: String, _ session: inout Session) {
        session.press(.character(key))
        session.type(text)
        session.press(.enter)
    }

    private func label(_ side: WalkSide, _ session: Session) -> UInt8? { session.state.shared.walkLabel(side) }

    @Test("Names are read by their whole or their beginning, numbers and marks as before")
    func typed() {
        let state = session().state
        #expect(state.shared.dataClass(typed: "Dress") == 3)
        #expect(state.shared.dataClass(typed: " t-SHIRT ") == 0)
        #expect(state.shared.dataClass(typed: "pull") == 2)
        #expect(state.shared.dataClass(typed: "3") == 3)
        // Shirt, and so no Sneaker; neither Sandal nor Shirt nor Sneaker.
        #expect(state.shared.dataClass(typed: "sh") == 6)
        #expect(state.shared.dataClass(typed: "s") == nil)
        #expect(state.shared.dataClass(typed: "hat") == nil && state.shared.dataClass(typed: "") == nil)
    }

    @Test("In a line names become numbers; places, marks and other words stay")
    func lines() {
        let state = session().state
        #expect(state.shared.numberingClasses(in: "a dress") == "a 3")
        #expect(state.shared.numberingClasses(in: "Dress:12") == "3:12")
        #expect(state.shared.numberingClasses(in: "boot bag") == "9 8")
        #expect(state.shared.numberingClasses(in: "0.4 -1.3") == "0.4 -1.3")
        #expect(state.shared.numberingClasses(in: "#18") == "#18")
        // A mark, and not the beginning of a name.
        #expect(state.shared.numberingClasses(in: "B") == "B")
        let plain = session(.blobs).state
        #expect(plain.shared.numberingClasses(in: "a 3") == "a 3")
    }

    @Test("Names with blanks are read as one")
    func blanks() {
        let cloud = LatentCloud(
            name: "toys", dimension: 2, means: [0, 0, 1, 1, 0, 1], labels: [0, 1, 2],
            classNames: ["ankle boot", "an", "boot"])
        let state = session(cloud).state
        #expect(state.shared.numberingClasses(in: "an ankle boot") == "an 0")
        #expect(state.shared.numberingClasses(in: "Ankle  Boot boot:1") == "0 2:1")
    }

    @Test("A walk's ends, a direction and the images' class take names")
    func taken() {
        var session = session()
        session.press(.character("3"))
        entered("f", "a dress", &session)
        entered("g", "Boot", &session)
        #expect(label(.start, session) == 3 && label(.end, session) == 9)
        #expect(session.text.contains("Dress"))
        entered(":", "from bag:2", &session)
        #expect(label(.start, session) == 8)
        session.press(.character("4"))
        entered("/", "coat", &session)
        #expect(session.state[ImagesView.self].filter == 4)
        entered("/", "hat", &session)
        #expect(session.state.message?.text.contains("T-shirt, Trouser") == true)
    }

    @Test("The nearest image is called by its class's name, and so is a bar", arguments: [80, 120, 200])
    func shown(columns: Int) {
        var session = session(columns: columns, rows: columns / 3)
        // The image 9 is of class 63 mod 10.
        let point = LatentCloud.named.mean(of: 9)
        entered(":", "goto \(point[0]) \(point[1])", &session)
        #expect(session.text.contains("“Dress”"))
        #expect(session.text.contains("Dress "))
    }
}

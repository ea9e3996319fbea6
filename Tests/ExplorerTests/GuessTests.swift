import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("What a model's file does not say")
struct GuessTests {
    private static func guessed(_ name: String = "vae", onTrial: Bool = false) -> ModelFacts {
        var facts = ModelFacts.digits
        (facts.name, facts.guess, facts.isOnTrial) = (name, "activation: ReLU()", onTrial)
        return facts
    }

    private func session(_ model: ModelFacts = guessed(), columns: Int = 80, rows: Int = 24) -> Session {
        Session(
            columns: columns, rows: rows, model: model, options: Options(isAnimated: false, showsHints: false))
    }

    private func topLine(_ session: Session) -> String {
        String(Screen.canvas(of: session.state).text.prefix { $0 != "\n" })
    }

    @Test("The top line says that it is a guess, however long the model's name", arguments: [60, 80, 120])
    func title(columns: Int) {
        let line = topLine(session(Self.guessed("a-model-with-a-name-that-no-line-has-room-for"), columns: columns))
        #expect(line.contains(", guessed "))
        #expect(!topLine(session(.digits, columns: columns)).contains("guessed"))
    }

    @Test(
        "Who starts with a guess that nothing will decide is told what to do; one on trial waits for the trial's word")
    func start() {
        #expect(session().state.message?.text.contains(":confirm") == true)
        #expect(session(Self.guessed(onTrial: true)).state.message == nil)
    }

    @Test(":confirm takes the word away, and ends a trial")
    func confirm() {
        var session = session()
        let before = session.effects.count
        session.type(":confirm")
        session.press(.enter)
        #expect(session.effects.dropFirst(before).contains(.confirm))
        #expect(session.state.message?.text == "confirmed for this session: activation: ReLU()")
        #expect(!topLine(session).contains("guessed"))
        session.type(":confirm")
        session.press(.enter)
        #expect(session.state.message?.text == "nothing is guessed about this model")
    }

    @Test("A better answer takes the guess's place: point, marks and view stay, and the picture is decoded anew")
    func better() {
        var session = session(Self.guessed(onTrial: true))
        session.press(.right, .right, .up, .character("m"), .character("2"))
        let (point, marks) = (session.state.explore.point, session.state.explore.marks)
        let tiles = session.state[ManifoldView.self].tiles?.number
        let effects = session.send(.tried(.digits, sentence: "tried on pictures: tanh fits best", isOther: true))
        #expect(effects.contains { if case .decode = $0 { true } else { false } })
        #expect(session.state.explore.point == point && session.state.explore.marks == marks)
        #expect(session.state.view.card.digit == ManifoldView.digit)
        #expect(session.state[ManifoldView.self].tiles?.number != tiles)
        #expect(session.state.message?.text == "tried on pictures: tanh fits best")
        #expect(!topLine(session).contains("guessed"))
    }

    @Test("A guess that holds changes the title alone")
    func confirmedByPictures() {
        var session = session(Self.guessed(onTrial: true))
        let effects = session.send(.tried(.digits, sentence: "what was guessed fits best", isOther: false))
        #expect(effects.isEmpty)
        #expect(!topLine(session).contains("guessed"))
        session.send(.tried(Self.guessed(), sentence: "not settled", isOther: false))
        #expect(topLine(session).contains("guessed"))
    }
}

import Testing

@testable import Explorer

@Suite("Walks of a model without a likelihood")
struct WalkRefusalTests {
    private func session(columns: Int = 80, rows: Int = 24) -> Session {
        var model = ModelFacts.digits
        model.missingLikelihood = "its pixels are of no known kind: name it with --likelihood"
        var session = Session(
            columns: columns, rows: rows, model: model, options: Options(isAnimated: false, showsHints: false),
            cloud: .blobs)
        session.press(.character("3"))
        return session
    }

    private func own(_ session: Session) -> WalkView { session.state[WalkView.self] }

    private func orders(_ effects: [Effect]) -> [WalkOrder] {
        effects.works.compactMap { if case .walk(let order) = $0.work { order } else { nil } }
    }

    @Test("Without a likelihood nothing is drawn by Fisher's information: it says what is missing")
    func withoutLikelihood() {
        var session = session(columns: 120, rows: 40)
        session.press(.character("M"))
        #expect(own(session).metric(session.state.shared) == .plain && own(session).walk != nil)
        let effects = session.press(.character("M"))
        #expect(own(session).metric(session.state.shared) == .fisher && effects.works.isEmpty)
        #expect(own(session).walk == nil)
        #expect(session.state.message?.isError == true)
        session.press(.left)
        #expect(session.text.contains("name it with") && !session.text.contains("searching"))
        #expect(orders(session.press(.character("M"))).map(\.metric) == [.density])
        #expect(!session.text.contains("--likelihood"))
    }

    @Test("A search that is refused by the next metric is dropped")
    func droppedSearch() {
        var session = session()
        session.answers = false
        #expect(orders(session.press(.character("M"))).count == 1)
        #expect(session.press(.character("M")).contains(.drop(.walk)))
    }
}

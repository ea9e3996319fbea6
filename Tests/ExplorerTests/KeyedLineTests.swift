import Cells
import Latent
import Testing

@testable import Explorer

@Suite("The first and the last line")
struct KeyedLineTests {
    @Test(
        "How to get help and how to leave is on the screen at every size and in every view",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60), (300, 100)])
    func help(columns: Int, rows: Int) {
        var model = ModelFacts.digits
        model.name = "a-model-with-a-name-that-is-longer-than-most"
        model.guess = "the activation"
        for card in Views.cards {
            var session = Session(columns: columns, rows: rows, model: model, cloud: .blobs)
            session.press(.character(Unicode.Scalar(UInt8(0x30 + card.digit))))
            let top = session.lines[0]
            #expect(top.contains("? help") && top.contains(" q"), "\(card.title): \(top)")
            #expect(top.contains("[\(card.digit) \(card.title)]") && top.contains(", guessed"), "\(top)")
        }
    }

    /// A click on the first character of a text.
    private func click(_ text: String, in session: inout Session, row: Int) throws -> [Effect] {
        let line = session.lines[row]
        let start = try #require(line.range(of: text)?.lowerBound)
        return session.send(
            .input(.mouse(.press, Position(column: line.distance(from: line.startIndex, to: start), row: row))))
    }

    @Test("The mouse opens views by their names, the help, and leaves")
    func names() throws {
        var session = Session(columns: 120, rows: 40, cloud: .blobs)
        _ = try click("3 Walk", in: &session, row: 0)
        #expect(session.state.view.card == WalkView.card)
        _ = try click("1 Explore", in: &session, row: 0)
        #expect(session.state.view.card == ExploreView.card)
        _ = try click("? help", in: &session, row: 0)
        #expect(session.state.help == HelpPlace())
        _ = try click("? help", in: &session, row: 0)
        #expect(session.state.help == HelpPlace(page: .terms))
        _ = try click("? help", in: &session, row: 0)
        #expect(try click("q quit", in: &session, row: 0) == [.quit])
    }

    @Test("The mouse presses the keys of the last line, but none of several")
    func keys() throws {
        var session = Session(columns: 200, rows: 60, cloud: .blobs)
        _ = try click("m mark", in: &session, row: 59)
        #expect(session.state.explore.marks.map(\.letter) == ["A"])
        session.wait(.seconds(5))
        let before = session.state.explore.window
        _ = try click("+/− zoom", in: &session, row: 59)
        #expect(session.state.explore.window == before)
        // A message lies over the keys.
        session.press(.character("m"))
        #expect(Screen.key(at: Position(column: 1, row: 59), session.state) == nil)
    }

    @Test("A key that means nothing here says where it does, or why not")
    func unbound() {
        var session = Session(cloud: .blobs)
        session.press(.character("w"))
        #expect(session.state.message?.text.contains("w is a key of 4 Images") == true)
        session.press(.character("x"))
        #expect(session.state.message?.text.contains("more than two latents") == true)
        session.press(.character("["))
        #expect(session.state.message?.text.contains("sliders are for more than two latents") == true)
        session.press(.character("~"))
        #expect(session.state.message?.text == "no key here: ? shows those that there are")
        session.press(.character("9"))
        #expect(session.state.message?.text.contains("no such view") == true)
    }

    @Test("Y copies the point as an option of other commands")
    func copy() {
        var session = Session(cloud: .blobs)
        session.press(.right, .right, .up)
        let point = session.state.explore.point
        #expect(session.press(.character("Y")) == [.copy("--z \(point[0]),\(point[1])")])
    }

    @Test("The help's second page says in a line what each word and number means", arguments: Views.cards.map(\.digit))
    func terms(digit: Int) {
        for (columns, rows) in [(60, 20), (120, 40)] {
            var session = Session(columns: columns, rows: rows, cloud: .blobs)
            session.press(.character(Unicode.Scalar(UInt8(0x30 + digit))), .character("?"), .character("?"))
            #expect(session.text.contains("what it says"))
            let content = HelpContent(session.state, .terms).lines.map { $0.map(\.text).joined() }.joined(
                separator: "\n")
            #expect(session.state.view.terms.count >= 5)
            for term in session.state.view.terms { #expect(content.contains(term.name)) }
        }
        for term in session(digit).view.terms {
            #expect(term.name.unicodeScalars.count <= 16 && term.meaning.unicodeScalars.count <= 96, "\(term.name)")
        }
    }

    private func session(_ digit: Int) -> State {
        var session = Session()
        session.press(.character(Unicode.Scalar(UInt8(0x30 + digit))))
        return session.state
    }
}

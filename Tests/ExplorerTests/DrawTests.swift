import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("Drawing")
struct DrawTests {
    private func session(
        columns: Int = 80, rows: Int = 24, model: ModelFacts = .digits, cloud: LatentCloud? = .blobs
    ) -> Session {
        var session = Session(
            columns: columns, rows: rows, model: model, options: Options(isAnimated: false, showsHints: false),
            cloud: cloud)
        session.press(.character("4"), .character("d"))
        return session
    }

    private func own(_ session: Session) -> ImagesView { session.state[ImagesView.self] }
    private func drawing(_ session: Session) throws -> Drawing { try #require(own(session).drawing) }

    private func subjects(_ effects: [Effect]) -> [ReconstructionSubject] {
        effects.compactMap(\.workRequest).compactMap { request in
            if case .reconstruct(let subject, _) = request.work { subject } else { nil }
        }
    }

    @Test(
        "A word about what was seen before does not hide the keys of the pad, nor one about the pad those of the images"
    )
    func keysAreSeen() {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.press(.character("4"), .character("c"))
        #expect(session.state.message != nil)
        session.press(.character("d"))
        #expect(session.state.message == nil)
        session.press(.character("u"))
        #expect(session.state.message?.text == "no stroke to take back")
        session.press(.escape)
        #expect(session.state.message == nil)
    }

    @Test("An empty pad has nothing to be exported, and says so")
    func emptyExport() {
        var session = session()
        session.type(":export x.png")
        #expect(session.press(.enter).isEmpty)
        #expect(session.state.message?.text.contains("Nothing is drawn yet") == true)
    }

    /// A seven, drawn with the mouse.
    private func drawSeven(_ session: inout Session) {
        let rect = session.state.imagesLayout.first
        func at(_ x: Int, _ y: Int) -> Position {
            Position(column: rect.column + x * rect.columns / 28, row: rect.row + y * rect.rows / 14)
        }
        session.send(.input(.mouse(.press, at(8, 3))))
        session.send(.input(.mouse(.drag, at(19, 3))))
        session.send(.input(.mouse(.drag, at(12, 11))))
        session.send(.input(.mouse(.release, at(12, 11))))
    }

    @Test(
        "Pad, reconstruction, what the model sees and where it puts it",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60)])
    func screens(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        drawSeven(&session)
        session.wait(.seconds(5))
        try expect(Screen.canvas(of: session.state), matches: "draw-\(columns)x\(rows)")
    }

    @Test("Each change asks once, with what the model is to see; moving the pen up asks nothing")
    func asks() throws {
        var session = session()
        #expect(subjects(session.press(.right, .down, .shiftRight)).isEmpty)
        let first = subjects(session.press(.character(" ")))
        let shown = try #require(try drawing(session).shown)
        #expect(first == [.picture(shown)])
        #expect(subjects(session.press(.right)).count == 1)
        #expect(session.state.imagesPosterior?.mean == Session.drawingMean)
    }

    @Test("The newest drawing's answer is shown, an older one's never as its")
    func stale() {
        var session = session()
        session.answers = false
        let one = session.press(.character(" ")).compactMap(\.workRequest)
        let two = session.press(.right).compactMap(\.workRequest)
        session.answer(one)
        #expect(session.state.imagesReconstruction == nil)
        session.answer(two)
        #expect(session.state.imagesReconstruction != nil)
    }

    @Test("Arrows and hjkl move the pen, space puts it down and up, Esc lifts it and leaves")
    func pen() throws {
        var session = session()
        session.press(.left, .character("h"), .up, .character("k"), .character("k"))
        #expect(try drawing(session).column == 12 && drawing(session).row == 11)
        #expect(try drawing(session).pad.isBlank)
        session.press(.character(" "), .down, .down, .character("j"))
        #expect(try drawing(session).isPenDown)
        #expect(try drawing(session).pad.values[13 * 28 + 12] == 1)
        let before = try drawing(session).pad
        session.press(.character(" "), .right, .right)
        #expect(try drawing(session).pad == before)
        session.press(.character(" "), .escape)
        #expect(!own(session).isDrawing)
        #expect(try !drawing(session).isPenDown)
        session.press(.right)
        #expect(own(session).image == 1)
        session.press(.character("d"))
        #expect(try !drawing(session).pad.isBlank)
        session.press(.character("d"))
        #expect(!own(session).isDrawing)
    }

    @Test("The mouse draws where it is pressed and dragged, and only there")
    func mouse() throws {
        var session = session()
        let rect = session.state.imagesLayout.first
        let outside = Position(column: rect.column - 1, row: rect.row)
        session.send(.input(.mouse(.press, outside)))
        session.send(.input(.mouse(.drag, Position(column: rect.column + 5, row: rect.row + 5))))
        #expect(try drawing(session).pad.isBlank)
        drawSeven(&session)
        let pad = try drawing(session).pad
        #expect(pad.values[7 * 28 + 14] > 0.7)
        #expect(try drawing(session).column == 12 && drawing(session).row == 23)
        session.send(.input(.mouse(.drag, Position(column: rect.column + 1, row: rect.row + 1))))
        #expect(try drawing(session).pad == pad)
    }

    @Test("u takes strokes back, x and Delete clear, e erases; a blank pad asks nothing and shows no answer")
    func undo() throws {
        var session = session()
        drawSeven(&session)
        let seven = try drawing(session).pad.values
        session.press(.character(" "), .right, .right, .character("u"))
        #expect(try drawing(session).pad.values == seven)
        session.press(.character("x"))
        #expect(try drawing(session).shown == nil)
        #expect(session.state.imagesPosterior == nil)
        session.press(.character("u"))
        #expect(try drawing(session).pad.values == seven)
        session.press(.character("e"), .character(" "), .character(" "), .character("e"))
        #expect(try drawing(session).pad.values != seven)
        session.press(.delete)
        #expect(try drawing(session).pad.isBlank)
        session.press(.character("u"), .character("u"), .character("u"), .character("u"))
        #expect(session.state.message?.text == "no stroke to take back")
    }

    @Test("n shows the model the drawing as it is, or centered as MNIST is")
    func centering() throws {
        var session = session()
        session.press(.character(" "), .right, .right, .right, .character(" "))
        let centered = try #require(try drawing(session).shown)
        #expect(centered != (try drawing(session).padPicture))
        let effects = session.press(.character("n"))
        #expect(try drawing(session).shown == drawing(session).padPicture)
        #expect(subjects(effects) == [.picture(try drawing(session).padPicture)])
        session.press(.character("n"))
        #expect(try drawing(session).shown == centered)
    }

    @Test("Color models are shown gray in all channels, not centered unless asked")
    func color() throws {
        let model = ModelFacts(name: "faces", latentCount: 2, width: 32, height: 32, channels: 3)
        var session = session(model: model, cloud: nil)
        session.press(.character(" "), .right)
        let shown = try #require(try drawing(session).shown)
        let pad = try drawing(session).padPicture
        #expect(shown.channels == 3 && shown == pad)
        #expect(stride(from: 0, to: shown.values.count, by: 3).allSatisfy { shown.values[$0] == shown.values[$0 + 2] })
    }

    @Test("Drawing needs no data; Enter opens Explore where the drawing is")
    func noData() {
        var session = session(cloud: nil)
        session.press(.enter)
        #expect(session.state.message?.text == "There is no drawing yet.")
        drawSeven(&session)
        session.press(.enter)
        #expect(session.state.explore.point == Session.drawingMean)
    }

    @Test("Samples are of the drawing's posterior while one draws")
    func samples() {
        var session = session()
        session.press(.character("z"))
        #expect(own(session).samples == nil)
        drawSeven(&session)
        #expect(own(session).samples?.points.allSatisfy { $0.distance(to: Session.drawingMean) < 0.35 * 5 } == true)
    }
}

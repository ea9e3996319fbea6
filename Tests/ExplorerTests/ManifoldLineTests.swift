import Cells
import Latent
import Testing

@testable import Explorer

@Suite("The Manifold view of one latent")
struct ManifoldLineTests {
    private func session(columns: Int = 120, rows: Int = 40) -> Session {
        var session = Session(
            columns: columns, rows: rows, model: ModelFacts(name: "one", latentCount: 1, width: 28, height: 28),
            options: Options(showsHints: false))
        session.press(.character("2"))
        return session
    }

    private func values(_ session: Session) -> [Float] {
        let grid = session.state.manifoldLayout.grid
        return grid.places.indices.map { index in
            let tile = TilePlace(column: index % grid.across, row: index / grid.across)
            return session.state.shared.manifoldPoint(of: session.state.shared.manifoldPlace(of: tile))[0]
        }
    }

    private func asked(_ effects: [Effect]) -> [LatentPoint] {
        effects.works.filter { $0.slot == .manifold }.flatMap { request -> [LatentPoint] in
            if case .decode(let points) = request.work { points } else { [] }
        }
    }

    @Test("Its line goes through the rows as one reads, from end to end of the range, and the title says so")
    func wraps() throws {
        let session = session()
        let values = values(session)
        #expect(values == values.sorted() && Set(values).count == values.count)
        let step = values[1] - values[0]
        #expect(zip(values, values.dropFirst()).allSatisfy { abs($1 - $0 - step) < 1e-4 })
        #expect(abs(values[0] - step / 2 + 3) < 1e-4 && abs(values[values.count - 1] + step / 2 - 3) < 1e-4)
        #expect(session.lines[0].contains("z₀ −3.0…3.0  row by row"))
        #expect(self.session(columns: 60, rows: 20).lines.last?.contains("row by row") == true)
        #expect(session.state[ManifoldView.self].tiles?.isComplete == true)
        try expect(Screen.canvas(of: session.state), matches: "manifold-line-120x40")
    }

    @Test("The cursor goes on in the next row at the end of one, and back; up and down it goes by rows")
    func cursor() {
        var session = session()
        let across = session.state.manifoldLayout.grid.across
        func index() -> Int { session.state.manifoldCursor.row * across + session.state.manifoldCursor.column }
        let start = index()
        for _ in 0..<across { session.press(.right) }
        #expect(index() == start + across)
        session.press(.up)
        #expect(index() == start)
        for _ in 0..<across + 1 { session.press(.left) }
        #expect(index() == start - across - 1)
    }

    @Test("Moved by a row it decodes a row more; a dive keeps the point, and Backspace comes out")
    func moves() {
        var session = session()
        let grid = session.state.manifoldLayout.grid
        #expect(asked(session.press(.shiftDown)).count == grid.across * max(1, grid.down / 3))
        let (point, frame) = (session.state.manifoldCursorPoint, session.state.manifoldFrame)
        session.press(.enter)
        #expect(abs(session.state.manifoldCursorPoint[0] - point[0]) < 1e-5)
        #expect(session.state.manifoldShownFrame == session.state.manifoldFrame)
        session.press(.backspace)
        #expect(session.state.manifoldFrame == frame)
        #expect(session.state[ManifoldView.self].tiles?.isComplete == true)
    }

    @Test("Coming from Explore the cursor is at its point, and n keeps it there")
    func comesFromExplore() {
        var session = session()
        session.press(.character("1"))
        session.type(":goto 1.7")
        session.press(.enter)
        session.wait(.seconds(1))
        session.press(.character("2"))
        let step = values(session)[1] - values(session)[0]
        #expect(abs(session.state.manifoldCursorPoint[0] - 1.7) <= step / 2)
        session.press(.character("n"))
        #expect(values(session) == values(session).sorted())
        #expect(abs(session.state.manifoldCursorPoint[0] - 1.7) <= 2 * step)
    }
}

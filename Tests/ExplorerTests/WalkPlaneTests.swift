import Latent
import Testing

@testable import Explorer

@Suite("The plane of the Walk view")
struct WalkPlaneTests {
    private func session(columns: Int = 120, rows: Int = 40) -> Session {
        var session = Session(
            columns: columns, rows: rows, options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.press(.character("3"))
        return session
    }

    private func walk(from start: String, to end: String, _ session: inout Session) {
        for (key, text) in [("f", start), ("g", end)] {
            session.type(key + text)
            session.press(.enter)
        }
    }

    private func grid(_ session: Session) throws -> PlaneGrid {
        let view = session.state[WalkView.self]
        return view.planeGrid(in: try #require(view.layout(session.state.shared).plane), session.state.shared)
    }

    @Test(
        "It shows all paths with a margin, one unit as long on both axes",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60)], [("-2 -2", "2 1.5"), ("0.5 0.5", "0.6 0.5")])
    func fitted(size: (columns: Int, rows: Int), ends: (String, String)) throws {
        var session = session(columns: size.columns, rows: size.rows)
        walk(from: ends.0, to: ends.1, &session)
        let grid = try grid(session)
        #expect(grid.rowExtent == 2 * grid.columnExtent)
        let points = try #require(session.state[WalkView.self].walk).paths.values.flatMap(\.points)
        #expect(points.count == 72)
        for axis in 0..<2 {
            let seen = axis == 0 ? grid.horizontal : grid.vertical
            #expect(points.allSatisfy { seen.lowerBound < $0[axis] && $0[axis] < seen.upperBound })
        }
        // Along one of the axes they fill it.
        let shares = (0..<2).map { axis -> Float in
            let (seen, values) = (axis == 0 ? grid.horizontal : grid.vertical, points.map { $0[axis] })
            return ((values.max() ?? 0) - (values.min() ?? 0)) / (seen.upperBound - seen.lowerBound)
        }
        #expect(shares.contains { $0 > 0.6 })
    }

    @Test("From a point to itself a part of the plane is seen all the same")
    func onePoint() throws {
        var session = session()
        session.answers = false
        walk(from: "1 1", to: "1 1", &session)
        let grid = try grid(session)
        #expect(grid.horizontal.contains(1) && grid.vertical.contains(1))
        #expect(grid.horizontal.upperBound - grid.horizontal.lowerBound > 0.2)
    }

    @Test("While a path is sought the plane rests, unless the way leaves it; when all are found it is fitted again")
    func rests() throws {
        var session = session()
        session.answers = false
        walk(from: "-1 0", to: "1 0", &session)
        let number = try #require(session.state[WalkView.self].walk?.number)
        func send(_ news: WalkNews) {
            session.send(.worked(WorkAnswer(number: number, slot: .walk, result: .walk(news))))
        }
        func way(_ height: Float) -> [LatentPoint] { [LatentPoint(-1, 0), LatentPoint(0, height), LatentPoint(1, 0)] }
        send(.searching(way: way(0.2), share: 0.1))
        let first = try grid(session)
        send(.searching(way: way(0.25), share: 0.2))
        #expect(try grid(session) == first)
        send(.searching(way: way(3), share: 0.3))
        let second = try grid(session)
        #expect(second.vertical.upperBound > 3)
        send(.searching(way: way(1.5), share: 0.4))
        #expect(try grid(session) == second)
        let order = try #require(session.state[WalkView.self].walk?.order)
        send(.found(.made(.geodesic, for: order)))
        #expect(try grid(session).rowExtent < second.rowExtent)
    }
}

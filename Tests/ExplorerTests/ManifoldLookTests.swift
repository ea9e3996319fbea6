import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("What the manifold's pictures and its map look like")
struct ManifoldLookTests {
    private func session(
        columns: Int = 120, rows: Int = 40, profile: TerminalProfile = .plain, cloud: LatentCloud? = .blobs
    ) -> Session {
        var session = Session(
            columns: columns, rows: rows, profile: profile, options: Options(isAnimated: false, showsHints: false),
            cloud: cloud)
        session.press(.character("2"))
        session.wait(.seconds(1))
        return session
    }

    @Test(
        "It begins with the largest pictures of which about 10×6 have room, with gaps between them",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60), (300, 100)])
    func sizes(columns: Int, rows: Int) {
        let session = session(columns: columns, rows: rows)
        let layout = session.state[ManifoldView.self].layout(session.state.shared)
        #expect((8...14).contains(layout.grid.across) && (5...9).contains(layout.grid.down))
        #expect((45...110).contains(layout.grid.places.count))
        #expect(layout.gap.columns > 0)
        for (index, place) in layout.grid.places.enumerated() {
            #expect(!layout.grid.places[..<index].contains { $0.intersects(place) })
        }
        if columns == 120 { #expect(layout.pitch == Size(columns: 12, rows: 6)) }
    }

    @Test("After a dive a map shows where one is, in a corner that leaves the framed picture free")
    func inset() throws {
        var session = session()
        #expect(!session.text.contains("whole plane"))
        session.press(.enter)
        #expect(session.text.contains("whole plane"))
        func isFree() throws -> Bool {
            let view = session.state[ManifoldView.self]
            let pane = try #require(view.insetPane(session.state.shared))
            let tile = try #require(view.cursorTile(session.state.shared))
            return !pane.intersects(tile.inset(by: -1))
        }
        #expect(try isFree())
        let right = try #require(session.state[ManifoldView.self].insetPane(session.state.shared))
        for _ in 0..<12 { session.press(.up) }
        for _ in 0..<6 { session.press(.right) }
        #expect(try isFree())
        let left = try #require(session.state[ManifoldView.self].insetPane(session.state.shared))
        #expect(left.column < right.column)
        session.press(.backspace)
        #expect(!session.text.contains("whole plane"))
    }

    @Test("Pictures far from all data are faded where there are colors, and not where there are none")
    func fading() throws {
        let session = session(profile: .colors256)
        let tiles = try #require(session.state[ManifoldView.self].own.tiles)
        let cloud = LatentCloud.blobs
        let far = (0..<tiles.count).filter(tiles.isFar)
        #expect(!far.isEmpty && far.count < tiles.count / 2)
        for index in 0..<tiles.count {
            let offset = tiles.offset(of: index)
            let place = tiles.frame.place(right: offset.x, up: offset.y)
            let point = session.state[ManifoldView.self].point(of: place, session.state.shared)
            let distance = try #require(cloud.tree.nearest(to: point)?.distance)
            // A picture whose tile holds codes is never faded, one of the plane's empty corner always.
            if distance < Float(tiles.frame.step.min()) / 2 { #expect(!tiles.isFar(index)) }
            if distance > 2 { #expect(tiles.isFar(index)) }
        }
        #expect(self.session(cloud: nil).state[ManifoldView.self].own.tiles?.isFar.isEmpty == true)
    }
}

import Cells
import Latent
import Testing

@testable import Explorer

@Suite("The lens on the posterior in the Images view")
struct LensTests {
    private func session(columns: Int = 120, rows: Int = 40, cloud: LatentCloud? = .blobs) -> Session {
        var session = Session(
            columns: columns, rows: rows, options: Options(isAnimated: false, showsHints: false), cloud: cloud)
        session.press(.character("4"))
        return session
    }

    private func grid(_ session: Session) throws -> PlaneGrid {
        let pane = try #require(session.state.imagesLayout.plane)
        return session.state[ImagesView.self].lensGrid(in: pane, session.state.shared)
    }

    private func reach(_ session: Session) throws -> Float {
        let grid = try grid(session)
        return min(grid.columnExtent * Float(grid.columns), grid.rowExtent * Float(grid.rows)) / 2
    }

    @Test("It shows six deviations of the answer on each side, around its mean, and says so in the border")
    func fits() throws {
        var session = session()
        session.press(.right)
        #expect(session.text.contains(" ±6σ = 2.1 "))
        #expect(try abs(reach(session) - 6 * 0.35) < 1e-3)
        #expect(try grid(session).center.distance(to: LatentCloud.blobs.mean(of: 1)) < 1e-4)
        let sided = Screen.canvas(of: self.session(columns: 80, rows: 24).state).text
        #expect(sided.contains(" ±6σ = 2.1 "))
    }

    @Test("Without deviations there is nothing to fit it to, and all of the plane is seen")
    func withoutWidth() throws {
        var cloud = LatentCloud.blobs
        cloud = LatentCloud(name: cloud.name, dimension: 2, means: cloud.means, deviations: nil, labels: cloud.labels)
        var session = session(cloud: nil)
        session.answers = false
        session.send(.encoded(cloud))
        #expect(session.text.contains("whole plane"))
        #expect(try grid(session) == session.state.shared.planeGrid(in: #require(session.state.imagesLayout.plane)))
    }

    @Test("Minus zooms out to the whole plane and no further, plus closer than a deviation and no closer")
    func zooms() throws {
        var session = session()
        let start = try reach(session)
        session.press(.character("-"))
        #expect(try abs(reach(session) / start - 1.4142) < 1e-3)
        for _ in 0..<8 { session.press(.character("-")) }
        #expect(session.text.contains(" whole plane "))
        #expect(session.state.message?.text == "this is the whole plane")
        #expect(try grid(session) == session.state.shared.planeGrid(in: #require(session.state.imagesLayout.plane)))
        // What did nothing is not to be taken back.
        session.press(.character("+"))
        #expect(!session.text.contains(" whole plane "))
        for _ in 0..<20 { session.press(.character("+")) }
        #expect(session.state.message?.text == "zoomed in as far as it goes")
        #expect(try (0.3...1).contains(reach(session) / 0.35))
    }

    @Test("The wheel over the pane zooms, on the pad too, and elsewhere it changes the image")
    func wheel() throws {
        var session = session()
        let pane = try #require(session.state.imagesLayout.plane)
        let start = try reach(session)
        let over = Position(column: pane.column + 2, row: pane.row + 2)
        session.send(.input(.mouse(.wheelDown, over)))
        #expect(try reach(session) > start && session.state[ImagesView.self].image == 0)
        session.send(.input(.mouse(.wheelUp, over)))
        #expect(try abs(reach(session) - start) < 1e-4)
        session.send(.input(.mouse(.wheelDown, Position(column: 3, row: 3))))
        #expect(session.state[ImagesView.self].image == 1)
        session.press(.character("d"), .character(" "))
        session.send(.input(.mouse(.wheelDown, over)))
        #expect(try reach(session) > start)
    }

    @Test("With the exact posterior both are seen, however far apart, and all of the plane in a corner away from them")
    func both() throws {
        var session = session()
        session.press(.right, .character("p"))
        let (view, shared) = (session.state[ImagesView.self], session.state.shared)
        let (grid, pane) = (try grid(session), try #require(session.state.imagesLayout.plane))
        let (mean, mode) = try (
            #require(session.state.imagesPosterior).mean, #require(session.state.imagesExactPosterior).mode
        )
        for point in [mean, mode] {
            #expect(grid.horizontal.contains(point[0]) && grid.vertical.contains(point[1]))
        }
        let inset = try #require(view.insetRect(in: pane, shared))
        for point in [mean, mode] {
            let place = Position(
                column: pane.column + grid.column(of: point[0]), row: pane.row + grid.row(of: point[1]))
            #expect(!inset.contains(place))
        }
        session.press(.character("-"), .character("-"), .character("-"), .character("-"), .character("-"))
        #expect(session.state[ImagesView.self].insetRect(in: pane, session.state.shared) == nil)
    }

    @Test("The pane's border says whose the ellipse is, and whose the codes where those are another's")
    func owners() throws {
        var session = session()
        #expect(!session.text.contains("ellipse:") && !session.text.contains("codes:"))
        session.press(.character("p"))
        #expect(session.text.contains(" ellipse: encoder's ") && !session.text.contains("codes:"))
        let blobs = LatentCloud.blobs
        session.send(
            .encoded(
                LatentCloud(
                    name: blobs.name, dimension: 2, means: blobs.means, deviations: blobs.deviations,
                    labels: blobs.labels, inference: .refined)))
        #expect(session.text.contains(" ellipse: encoder's, codes: refined "))
        session.press(.character("P"))
        #expect(session.text.contains(" ellipse: refined ") && !session.text.contains("codes:"))
    }

    @Test("A fine posterior has its width, is densest at its mode, a parabola around it, and nothing elsewhere")
    func field() throws {
        var cells = PlaneCells(extent: 0.01)
        for row in 0..<60 {
            for column in 0..<60 {
                let place = SIMD2(0.7 + (Float(column) - 29.5) * 0.01, -0.3 + (Float(row) - 29.5) * 0.01)
                let away = (place - SIMD2(0.7, -0.3)) / SIMD2(0.02, 0.04)
                cells.add(place, logMass: -3 - 0.5 * (away * away).sum())
            }
        }
        let posterior = PlanePosterior(
            side: 1, halfExtent: 6, logMasses: [0], mode: LatentPoint(0.7, -0.3), cells: cells, gap: nil)
        let field = try #require(PosteriorField(posterior))
        #expect(abs(field.deviation - 0.04) < 0.001)
        let grid = PlaneGrid(PlaneWindow(0.6...0.8, -0.4...(-0.2)), columns: 40, rows: 20, cellRatio: 2)
        let values = field.logDensities(on: grid)
        #expect(values.count == 40 * 40)
        let worst = values.indices.map { index -> Float in
            let x = (grid.horizontal.lowerBound + (Float(index % 40) + 0.5) * grid.columnExtent - 0.7) / 0.02
            let y = (grid.vertical.upperBound - (Float(index / 40) + 0.5) * grid.rowExtent / 2 + 0.3) / 0.04
            let expected = -0.5 * (x * x + y * y)
            return expected > -8 ? abs(values[index] - expected) : 0
        }
        #expect((worst.max() ?? 9) < 0.7)
        let far = PlaneGrid(PlaneWindow(2...3, 2...3), columns: 4, rows: 2, cellRatio: 2)
        #expect(field.logDensities(on: far).allSatisfy { $0 == -.infinity })
        let wide = field.logDensities(on: PlaneGrid(PlaneWindow(-3...3, -3...3), columns: 6, rows: 3, cellRatio: 2))
        #expect(wide.filter { $0 > -1 }.count >= 1)
    }

    @Test("z draws with one, five and twenty deviations, says it in the title, and ends it")
    func spreads() throws {
        var session = session(columns: 80, rows: 24)
        func away() throws -> Float {
            let view = session.state[ImagesView.self]
            let mean = LatentCloud.blobs.mean(of: 0)
            let points = try #require(view.samples?.points)
            return points.map { $0.distance(to: mean) }.reduce(0, +) / Float(points.count)
        }
        session.press(.character("z"))
        let once = try away()
        session.press(.character("z"))
        #expect(try (3...8).contains(away() / once))
        #expect(session.state.message?.text == "draws with σ ×5: not the posterior, but around it")
        session.press(.character("z"))
        #expect(try (12...32).contains(away() / once))
        session.press(.character("z"))
        #expect(session.state[ImagesView.self].samples == nil)
        var large = self.session()
        large.press(.character("z"))
        #expect(large.text.contains("samples, σ×5"))
    }
}

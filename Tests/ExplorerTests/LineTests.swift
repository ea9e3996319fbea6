import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("A model of one latent")
struct LineTests {
    private static var facts: ModelFacts {
        var facts = ModelFacts.digits
        facts.latentCount = 1
        return facts
    }

    private static let cloud = LatentCloud(
        name: "sample", dimension: 1, means: (0..<400).map { Float($0 % 2) * 6 - 3 + Float($0) / 400 },
        deviations: Array(repeating: 0.1, count: 400), labels: (0..<400).map { UInt8($0 % 2) })

    private func session(cloud: LatentCloud? = cloud) -> Session {
        Session(model: Self.facts, options: Options(isAnimated: false, showsHints: false), cloud: cloud)
    }

    @Test("Its codes stand on a line, stacked by class, over the middle 99 % of them")
    func line() throws {
        let session = session()
        let text = Screen.canvas(of: session.state).text
        #expect(text.contains("latent line · sample by class"))
        #expect(
            session.state.explore.window.horizontal.contains(-3) && session.state.explore.window.horizontal.contains(4))
        let grid = try #require(session.state.lineGrid)
        let columns = LineHistogram(cloud: Self.cloud, grid: grid).columns(height: 8)
        #expect(columns[grid.column(of: -2.5)].allSatisfy { $0 == 0 } && !columns[grid.column(of: -2.5)].isEmpty)
        #expect(columns[grid.column(of: 3.5)].allSatisfy { $0 == 1 } && !columns[grid.column(of: 3.5)].isEmpty)
        #expect(columns[grid.column(of: 0.5)].isEmpty)
        #expect(columns.map(\.count).max() == 8)
    }

    @Test("Arrows, the mouse and the zoom move along it; up and down lead nowhere")
    func moves() throws {
        var session = session()
        session.press(.right, .right)
        #expect(session.state.explore.point == LatentPoint([2 * session.state.explore.step]))
        let before = session.state.explore.point
        session.press(.up)
        #expect(session.state.explore.point == before)
        let plane = try #require(session.state.layout?.plane)
        session.send(.input(.mouse(.press, Position(column: plane.column, row: plane.row))))
        #expect(session.state.explore.point.count == 1 && session.state.explore.point[0] < -2)
        let span = session.state.explore.window.span.0
        session.press(.character("+"))
        #expect(session.state.explore.window.span.0 < span)
    }

    @Test("Without data the line says what would fill it")
    func empty() {
        let text = Screen.canvas(of: session(cloud: nil).state).text
        #expect(text.contains("latent line") && text.contains("no data for this model"))
    }
}

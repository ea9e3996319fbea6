import Cells
import Testing

@testable import Explorer

@Suite("The figures of a walk")
struct WalkFiguresTests {
    @Test(
        "Lengths say what they are in, by the metric, at every size and beside all paths",
        arguments: [(60, 20), (80, 24), (120, 40)], [[], [Key.character("A")]])
    func units(size: (columns: Int, rows: Int), keys: [Key]) {
        var session = Session(
            columns: size.columns, rows: size.rows, options: Options(isAnimated: false, showsHints: false),
            cloud: .blobs)
        session.press(.character("3"))
        for key in keys { session.press(key) }
        #expect(session.text.contains("weighted px"))
        #expect(session.text.contains("geodesic   28.4"))
        session.press(.character("M"))
        #expect(session.text.contains("px-units") && !session.text.contains("weighted"))
        session.press(.character("M"))
        #expect(session.text.contains("sd-units"))
        // And what lies across the chart, unless that is as low as it can be.
        #expect(session.text.contains("t 0  ") == ((session.state.walkLayout.chart?.rows ?? 0) > 3))
    }
}

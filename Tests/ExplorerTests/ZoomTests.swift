import Cells
import Latent
import Testing

@testable import Explorer

@Suite("Steps while one zooms")
struct ZoomTests {
    @Test("The step follows the zoom until one is chosen, and coordinates have digits enough to show it")
    func stepFollowsZoom() {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        let (step, digits) = (session.state.explore.step, session.state.explore.coordinateDigits)
        for _ in 0..<12 { session.press(.character("+")) }
        #expect(abs(session.state.explore.step - step / 64) < step / 6_400)
        #expect(session.state.explore.coordinateDigits > digits)
        let before = session.state.explore.point[0]
        session.press(.right)
        #expect(abs(session.state.explore.point[0] - before - step / 64) < step / 640)
        session.press(.character("."))
        let chosen = session.state.explore.step
        session.press(.character("-"))
        #expect(session.state.explore.step == chosen)
    }

    @Test("One zooms in until float32 ends, and a step still moves there")
    func deepZoom() {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.press(.character(":"))
        session.type("goto 1.25 -0.5")
        session.press(.enter)
        for _ in 0..<80 { session.press(.character("+")) }
        #expect(session.state.message?.text.contains("float32 ends here") == true)
        #expect(session.state.explore.window.span.0 < 1e-4)
        let before = session.state.explore.point
        session.press(.right)
        #expect(session.state.explore.point[0] > before[0])
    }
}

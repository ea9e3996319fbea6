import Latent
import Testing

@Suite("Frames of a manifold")
struct ManifoldFrameTests {
    private let frame = ManifoldFrame(scale: .linear, center: [0.5, -1], step: [0.3, 0.6])

    @Test("Places and steps are each other's inverse")
    func places() {
        let place = frame.place(right: 3, up: -2)
        #expect(place == [0.5 + 3 * 0.3, -1 - 2 * 0.6])
        let steps = frame.steps(to: place)
        #expect(abs(steps.x - 3) < 1e-12 && abs(steps.y + 2) < 1e-12)
    }

    @Test("On the scale of quantiles a place is a probability")
    func quantiles() {
        let frame = ManifoldFrame(scale: .quantiles, center: [0.5, 0.5], step: [0.1, 0.1])
        let point = frame.coordinates(of: [0.975, 0.5])
        #expect(abs(point.x - 1.959964) < 1e-5 && abs(point.y) < 1e-6)
        let back = frame.place(of: point)
        #expect(abs(back.x - 0.975) < 1e-6)
    }

    @Test("Between two frames, what both show at the same place rests there")
    func rests() {
        let inner = frame.zoomed(by: 1 / 3, around: [1.1, -0.4])
        // The place that lies as many steps from both middles.
        let fixed = (frame.center / frame.step - inner.center / inner.step) / (1 / frame.step - 1 / inner.step)
        let steps = frame.steps(to: fixed)
        for share in [0.2, 0.5, 0.9] {
            let between = frame.interpolated(to: inner, share: share)
            let there = between.steps(to: fixed)
            #expect(abs(there.x - steps.x) < 1e-9 && abs(there.y - steps.y) < 1e-9)
            #expect(between.step.x < frame.step.x && between.step.x > inner.step.x)
        }
        #expect(frame.interpolated(to: inner, share: 1) == inner)
        #expect(frame.interpolated(to: inner, share: 0) == frame)
    }

    @Test("Float32 tells neighbors apart down to some millionths around one, and further around zero")
    func resolution() {
        func isResolved(_ center: Double, _ step: Double) -> Bool {
            ManifoldFrame(scale: .linear, center: [center, center], step: [step, step]).isResolved
        }
        #expect(isResolved(1, 1e-6))
        #expect(!isResolved(1, 1e-7))
        #expect(isResolved(0, 1e-20))
        #expect(!isResolved(100, 1e-6))
    }
}

import Cells
import Dispatch
import Session
import Synchronization

/// A display that plays a script: each step waits for the screen to be as it says, then gives its input.
final class PlayedDisplay: Display {
    struct Step {
        /// What the last frame's text must contain before the input comes; nil: nothing.
        var until: String?
        var inputs: [InputEvent]
    }

    var isHungUp = false
    let bell = DispatchSemaphore(value: 0)
    private(set) var size: Size
    let profile = TerminalProfile(depth: .palette256, glyphs: .blocks)
    let findings = [TerminalFinding("colors", "256", "the script says so")]
    private(set) var frames: [Canvas] = []
    private(set) var repaints = 0
    private(set) var stops = 0
    /// Waits that had no end: in these a program uses no processor time.
    private(set) var endlessWaits = 0
    /// After so many of them the terminal goes away.
    var endlessWaitLimit: Int?
    private var steps: ArraySlice<Step>
    private let deadline = ContinuousClock.now.advanced(by: .seconds(20))

    init(size: Size, _ steps: [Step]) {
        self.size = size
        self.steps = steps[...]
    }

    /// What wakes the wait, for the session.
    var wake: @Sendable () -> Void {
        let bell = bell
        return { bell.signal() }
    }

    func events(timeout: Duration?) -> [InputEvent] {
        if let step = steps.first, isReady(step) {
            steps = steps.dropFirst()
            for case .resized(let size) in step.inputs { self.size = size }
            return step.inputs
        }
        // A script that does not come to its end must not hang the tests.
        if ContinuousClock.now > deadline { return [.terminated] }
        if timeout == nil { endlessWaits += 1 }
        if let endlessWaitLimit, endlessWaits >= endlessWaitLimit { return [.terminated] }
        let milliseconds = timeout.map { Int($0 / .milliseconds(1)) + 1 } ?? 20
        _ = bell.wait(timeout: .now() + .milliseconds(min(milliseconds, 1000)))
        return []
    }

    private func isReady(_ step: Step) -> Bool {
        guard let last = frames.last else { return false }
        return step.until.map { last.text.contains($0) } ?? true
    }

    var isPlayedOut: Bool { steps.isEmpty }

    func show(_ canvas: Canvas) { frames.append(canvas) }
    func repaint() { repaints += 1 }
    private(set) var copied: [String] = []
    func copy(_ text: String) { copied.append(text) }
    func requestStop() { stops += 1 }
}

import Dispatch
import Explorer
import Testing

@testable import Session

extension EngineThread {
    /// Collects answers until one is as wanted.
    ///
    /// - Parameter bell: rung at each answer.
    func answers(_ bell: DispatchSemaphore, until isLast: (Event) -> Bool) -> [Event] {
        var all: [Event] = []
        let end = ContinuousClock.now.advanced(by: .seconds(10))
        while ContinuousClock.now < end {
            let new = takeAnswers()
            all += new
            if new.contains(where: isLast) { return all }
            _ = bell.wait(timeout: .now() + .milliseconds(20))
        }
        Issue.record("the answer did not come")
        return all
    }
}

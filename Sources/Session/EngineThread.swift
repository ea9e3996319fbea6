import Dispatch
import Explorer
import Latent
import Synchronization

/// The engine's thread, seen from the screen's: orders go in, events come out, nobody waits for anybody.
final class EngineThread: Sendable {
    private let orders = Mutex(Orders())
    private let answers = Mutex<[Event]>([])
    private let bell = DispatchSemaphore(value: 0)
    /// Builds clouds, one after the other.
    private let helper = DispatchQueue(label: "latentwalk.clouds", qos: .utility)
    private let wake: @Sendable () -> Void
    private let ending = Atomic(false)
    /// Entered as long as the thread runs, or a trial does.
    private let running = DispatchGroup()

    /// Starts the thread, whose first work is to make the model's engine.
    ///
    /// - Parameters:
    ///   - run: the run whose weights the engine follows.
    ///   - inference: whose answer places the codes; nil: the one that suits the model.
    ///   - wake: called on other threads when answers have come.
    init(
        _ model: OpenModel, run: LiveRun? = nil, inference: InferenceMethod? = nil, wake: @escaping @Sendable () -> Void
    ) {
        self.wake = wake
        DispatchQueue(label: "latentwalk.engine", qos: .userInteractive).async(group: running) { [self] in
            EngineRoom(model, run: run, inference: inference, thread: self).run()
        }
    }

    /// Changes what is wanted.
    func order(_ change: @Sendable (inout Orders) -> Void) {
        orders.withLock { change(&$0) }
        bell.signal()
    }

    /// All answers since the last call, in order.
    func takeAnswers() -> [Event] {
        answers.withLock { answers in
            defer { answers = [] }
            return answers
        }
    }

    /// Lets the thread end after what it does at the moment.
    func close() {
        ending.store(true, ordering: .releasing)
        order { $0.isClosed = true }
    }

    /// Waits until the thread has ended. A process must not exit before: the exit takes the linear algebra library's
    /// memory from under a computation.
    func waitForEnd() { running.wait() }

    // MARK: - Seen from the engine's side

    func takeOrders() -> Orders { orders.withLock { $0.take() } }

    /// Sleeps until something is ordered, or until some time.
    func waitForOrders(until end: ContinuousClock.Instant?) {
        guard let end else { return bell.wait() }
        let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
        if left > 0 { _ = bell.wait(timeout: .now() + .milliseconds(Int(left.rounded(.up)))) }
    }

    func answer(_ event: Event) {
        answers.withLock { $0.append(event) }
        wake()
    }

    var isClosed: Bool { ending.load(ordering: .acquiring) }

    /// Computes beside the engine; what it computes with must not end before it.
    func tryOut(_ work: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "latentwalk.trial", qos: .utility).async(group: running, execute: work)
    }

    /// Does something that takes a while on another thread, in the order of the calls.
    func inBackground(_ work: @escaping @Sendable () -> Void) { helper.async(execute: work) }
}

import Dispatch
import Synchronization

/// What a run can be asked for while it goes on. It is done between two steps.
public enum TrainingRequest: Hashable, Sendable {
    /// To wait until `proceed`, or `stop`.
    case pause
    case proceed
    /// To answer with ``TrainingEvent/checkpoint(_:_:)``.
    case checkpoint
    /// To answer with ``TrainingEvent/snapshot(_:)``.
    case snapshot
    /// To multiply the learning rate by this from now on; numbers that are not above 0 are passed over.
    case scaleLearningRate(Double)
    /// To end now. Where it is saving, a checkpoint comes first.
    case stop(saving: Bool)
}

/// Where requests wait for a run: any thread posts, the run takes them between two steps.
public final class TrainingInbox: Sendable {
    private let requests = Mutex<[TrainingRequest]>([])
    private let arrivals = DispatchSemaphore(value: 0)

    public init() {}

    /// Never waits for the run.
    public func post(_ request: TrainingRequest) {
        requests.withLock { $0.append(request) }
        arrivals.signal()
    }

    /// All that was posted since, in order.
    func take() -> [TrainingRequest] {
        requests.withLock { waiting in
            defer { waiting.removeAll(keepingCapacity: true) }
            return waiting
        }
    }

    /// Sleeps until something is there, and takes it.
    func waitAndTake() -> [TrainingRequest] {
        while true {
            let taken = take()
            if !taken.isEmpty { return taken }
            // May have been signaled for a request that was taken already: then it goes round once more.
            arrivals.wait()
        }
    }
}

import Dispatch
import Explorer
import Geometry
import Latent
import Pictures
import Session
import Synchronization
import VAE

/// What a fake engine was asked, seen from other threads.
final class EngineLog: Sendable {
    private let calls = Mutex<[String]>([])
    func note(_ call: String) { calls.withLock { $0.append(call) } }
    var all: [String] { calls.withLock { $0 } }
}

/// An engine whose pictures are as bright as the first coordinate, and whose encoder says where an image is bright.
final class FakeEngine: LatentEngine {
    let batch = 16
    private let log: EngineLog
    private let delay: Duration
    /// Decoding waits until this is signalled.
    private let gate: DispatchSemaphore?

    private let space: DecodedSpace?

    init(log: EngineLog, delay: Duration = .zero, gate: DispatchSemaphore? = nil, space: DecodedSpace? = nil) {
        self.log = log
        self.space = space
        self.delay = delay
        self.gate = gate
    }

    func space(of label: ClassMix?) -> DecodedSpace? { space }

    func decode(_ points: [LatentPoint]) -> [Picture] {
        log.note("decode \(points.count)")
        if let gate {
            gate.wait()
            gate.signal()
        }
        let end = ContinuousClock.now.advanced(by: delay)
        while ContinuousClock.now < end {}
        return points.map { point in
            let value = min(1, max(0, 0.5 + point[0] / 6))
            return Picture(width: 28, height: 28, values: Array(repeating: value, count: 28 * 28))
        }
    }

    /// The first pixel, plus the first coordinate.
    func reconstructionLosses(_ images: [Float], at latents: [Float], labels: [Int]?, count: Int) -> [Double]? {
        log.note("measure \(count)")
        let (size, latentCount) = (images.count / count, latents.count / count)
        return (0..<count).map { Double(images[$0 * size] + latents[$0 * latentCount]) }
    }

    func encode(_ images: [Float], labels: [Int]?, count: Int) -> Posteriors? {
        log.note("encode \(count)")
        let size = images.count / count
        let means = (0..<count).flatMap { [images[$0 * size], images[$0 * size + 1]] }
        return Posteriors(means: means, logVariances: Array(repeating: 0, count: means.count))
    }
}

extension OpenModel {
    static func fake(
        _ log: EngineLog = EngineLog(), name: String = "fake", delay: Duration = .zero, gate: DispatchSemaphore? = nil
    ) -> OpenModel {
        OpenModel(facts: ModelFacts(name: name, latentCount: 2, width: 28, height: 28)) {
            FakeEngine(log: log, delay: delay, gate: gate)
        }
    }
}

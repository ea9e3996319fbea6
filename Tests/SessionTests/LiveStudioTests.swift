import Datasets
import Explorer
import Latent
import Pictures
import Testing
import VAE

@testable import Session

@Suite("The pictures that follow a run")
struct LiveStudioTests {
    /// A clock that stands still but while an image is encoded.
    final class Clock {
        private(set) var now = ContinuousClock.now
        func advance(by duration: Duration) { now = now.advanced(by: duration) }
    }

    private final class SlowEncoder: LatentEngine {
        let batch = 64
        let clock: Clock
        let cost: Duration
        init(clock: Clock, cost: Duration) { (self.clock, self.cost) = (clock, cost) }

        func decode(_ points: [LatentPoint]) -> [Picture] { [] }
        func encode(_ images: [Float], labels: [Int]?, count: Int) -> Posteriors? {
            clock.advance(by: cost * count)
            return Posteriors(
                means: Array(repeating: 0, count: 2 * count), logVariances: Array(repeating: 0, count: 2 * count))
        }
    }

    private static let validation = Dataset(
        name: "made", split: .train, height: 2, width: 2, pixels: Array(repeating: 0, count: 600 * 4))

    /// How many codes come of each of some weights, which come a second after one another.
    private func codes(cost: Duration, weights: [LiveWeights]) -> [Int] {
        let clock = Clock()
        let studio = LiveStudio(validation: Self.validation, now: { clock.now })
        let engine = SlowEncoder(clock: clock, cost: cost)
        studio.want(RunPictureRequest(number: 1, points: [], images: 0, wantsCodes: true))
        return weights.map { weights in
            studio.renew(weights, wantsAllCodes: weights.isLast, took: .zero)
            var count = 0
            while studio.isWorking {
                if case .codes(let codes) = studio.work(with: engine, latentCount: 2, piece: .milliseconds(3)) {
                    count = codes.count
                }
            }
            clock.advance(by: .seconds(1))
            return count
        }
    }

    private func weights(_ count: Int) throws -> [LiveWeights] {
        let model = try LiveRunTests.model()
        return (1...count).map { LiveWeights(model: model, moment: "\($0)", step: $0, isLast: $0 == count) }
    }

    @Test("A fast encoder's codes come every second early on, and the more seldom the longer it goes on")
    func fast() throws {
        // 500 images take 10 ms.
        let counts = codes(cost: .microseconds(20), weights: try weights(300))
        #expect(counts[..<10] == Array(repeating: 500, count: 10)[...])
        // A 120th of the 311 seconds, with those that are lent and those that encoding takes, pays for 10 ms 259 times.
        #expect((200...259).contains(counts.count { $0 > 0 }))
    }

    @Test("A slow encoder's are fewer at a time, so that they move too")
    func slow() throws {
        // 500 images take half a second, 100 a tenth.
        let counts = codes(cost: .milliseconds(1), weights: try weights(300))
        #expect(counts[0] == 500)
        let later = counts[1..<299].filter { $0 > 0 }
        #expect(Set(later) == [100] && (15...30).contains(later.count))
    }

    @Test("The last weights' codes are made whatever they cost, all of them")
    func last() throws {
        #expect(codes(cost: .milliseconds(2), weights: try weights(3)) == [500, 0, 500])
    }

    @Test("What is lent is spent at once, and then no more than the share")
    func budget() {
        let start = ContinuousClock.now
        var budget = WorkBudget(share: 0.01, lent: .seconds(20), at: start)
        #expect(budget.due <= start)
        // Nineteen times 10 ms and the next one are the share of the 20 s that are lent.
        for _ in 0..<19 { budget.note(.milliseconds(10), next: .milliseconds(10)) }
        #expect(budget.due <= start)
        budget.note(.milliseconds(10), next: .milliseconds(10))
        #expect(start.duration(to: budget.due) == .seconds(1))
    }
}

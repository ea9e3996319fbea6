import Synchronization
import Testing

@testable import Neural

@Suite("WorkerPool")
struct WorkerPoolTests {
    /// Counts how often each item was done.
    private final class Tally: ParallelWork, Sendable {
        let counts = Mutex([Int: Int]())
        let workers = Mutex(Set<Int>())

        func perform(item: Int, worker: Int) {
            counts.withLock { $0[item, default: 0] += 1 }
            workers.withLock { _ = $0.insert(worker) }
        }
    }

    @Test("Every item is done exactly once, for any number of threads and items", arguments: [1, 2, 5], [0, 1, 2, 17])
    func everyItemOnce(threads: Int, items: Int) {
        let pool = WorkerPool(threads: threads)
        for _ in 0..<200 {
            let tally = Tally()
            pool.run(tally, items: items)
            #expect(tally.counts.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<items).map { ($0, 1) }))
            #expect(tally.workers.withLock { $0.allSatisfy { $0 < threads } })
        }
    }

    @Test("Two callers take turns")
    func callers() async {
        let pool = WorkerPool(threads: 2)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<100).allSatisfy { _ in
                        let tally = Tally()
                        pool.run(tally, items: 9)
                        return tally.counts.withLock { $0.count == 9 && $0.values.allSatisfy { $0 == 1 } }
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test("Where no thread can be created, the calling thread does all the work")
    func noThreads() {
        let pool = WorkerPool(threads: 3, canStart: false)
        pool.awaken()
        for items in [1, 2, 17] {
            let tally = Tally()
            pool.run(tally, items: items)
            #expect(tally.counts.withLock { $0.values.reduce(0, +) } == items)
            #expect(tally.workers.withLock { $0 } == [0])
        }
    }

    @Test("Work is done after a pause in which the threads fall asleep")
    func afterSleep() async throws {
        let pool = WorkerPool(threads: 3)
        for _ in 0..<20 {
            try await Task.sleep(for: .milliseconds(4))
            let tally = Tally()
            pool.run(tally, items: 9)
            #expect(tally.counts.withLock { $0.count == 9 })
        }
    }

    @Test("A pool has at least one thread")
    func atLeastOne() {
        #expect(WorkerPool(threads: 0).threads == 1)
        #expect(WorkerPool().threads == WorkerPool.processorCount)
    }
}

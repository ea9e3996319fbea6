import CKernels
import Platform
import Synchronization

/// Work in numbered items that may be done in any order, on any thread, each exactly once.
protocol ParallelWork: AnyObject {
    /// - Parameter worker: which thread this is, below the pool's `threads`: an index for scratch memory.
    func perform(item: Int, worker: Int)
}

/// A few threads that share the items of one piece of work at a time.
///
/// The calling thread works too, and never waits for a thread that hasn't woken: a thread that is awake takes the next item.
/// Threads wait for work awake for two milliseconds and sleep after that, so that a chain of small pieces is handed over
/// in a microsecond and an idle program uses no processor time. Nothing is allocated after `init`. Where threads cannot
/// be created, the others do the work, if need be the calling thread alone.
public final class WorkerPool: Sendable {
    /// How many threads work, the caller's included.
    public let threads: Int
    private let shared: Shared
    /// One piece of work at a time: a second caller waits here.
    private let turn = Mutex(())

    /// As many threads as there are processors.
    public static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// The name of the BLAS kernel that runs on this processor; for benchmarks.
    public static var matrixProductKernel: String { MatrixProduct.kernelName }

    /// - Parameter threads: 1 or more; by default one for each processor.
    public convenience init(threads: Int = WorkerPool.processorCount) { self.init(threads: threads, canStart: true) }

    /// - Parameter canStart: whether threads can be created at all; false in a test.
    init(threads: Int, canStart: Bool) {
        self.threads = max(1, threads)
        shared = Shared()
        guard canStart else { return }
        for worker in 1..<max(1, self.threads) { Shared.start(shared, worker: worker) }
    }

    deinit { shared.close() }

    /// Wakes the threads that sleep, so that they are awake when the work comes: that takes some fifty microseconds.
    func awaken() { shared.awaken() }

    /// Performs all items and returns when the last is done.
    func run(_ work: some ParallelWork, items: Int) {
        if threads == 1 || items <= 1 {
            for item in 0..<items { work.perform(item: item, worker: 0) }
            return
        }
        turn.withLock { _ in shared.run(work, items: items) }
    }
}

/// What the threads of a pool share.
///
/// The current work is a plain variable, and the compiler cannot see why that is safe, hence `@unchecked`: it is written
/// only between two pieces of work, before the ticket is published, and read only by a thread that has drawn an
/// item from that ticket; the next piece cannot begin before that item is reported done.
private final class Shared: @unchecked Sendable {
    /// Which piece of work this is (32 bits), how many of its items are left to draw (32 bits).
    private let ticket = Atomic<UInt64>(0)
    private let done = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)
    private var work: (any ParallelWork)?
    private var mutex = pthread_mutex_t()
    private var condition = pthread_cond_t()

    /// Turns of waiting that keep the processor to themselves: some microseconds.
    private static let hold = 200
    /// Nanoseconds of waiting awake before a thread sleeps. A thread that is woken is at times put on its caller's
    /// processor, where either runs only when the other doesn't: the scheduler needs a millisecond or more to move it, and
    /// a thread that slept sooner would be put there again for every piece of work.
    private static let patience: UInt64 = 2_000_000

    init() {
        pthread_mutex_init(&mutex, nil)
        pthread_cond_init(&condition, nil)
    }

    deinit {
        pthread_cond_destroy(&condition)
        pthread_mutex_destroy(&mutex)
    }

    func run(_ work: some ParallelWork, items: Int) {
        self.work = work
        done.store(0, ordering: .relaxed)
        let piece = (ticket.load(ordering: .relaxed) >> 32) &+ 1
        ticket.store(piece << 32 | UInt64(items), ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
        takeItems(worker: 0)
        waitAwake { self.done.load(ordering: .acquiring) >= items }
        self.work = nil
    }

    /// Waits awake until something is so, or a time is over. After a few microseconds other threads may run in between:
    /// perhaps the one that is waited for is on this processor.
    @discardableResult
    private func waitAwake(nanoseconds: UInt64 = .max, until isSo: () -> Bool) -> Bool {
        for _ in 0..<Shared.hold {
            if isSo() { return true }
            lw_pause()
        }
        let begun = Shared.nanoseconds
        while nanoseconds == .max || Shared.nanoseconds - begun < nanoseconds {
            for _ in 0..<20 {
                if isSo() { return true }
                lw_pause()
            }
            sched_yield()
        }
        return false
    }

    private static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func awaken() {
        if sleepers.load(ordering: .relaxed) > 0 { wake() }
    }

    /// Draws items until none is left.
    private func takeItems(worker: Int) {
        var seen = ticket.load(ordering: .acquiring)
        while seen & 0xFFFF_FFFF > 0 {
            let (drawn, current) = ticket.weakCompareExchange(
                expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
            guard drawn else {
                seen = current
                continue
            }
            work?.perform(item: Int(seen & 0xFFFF_FFFF) - 1, worker: worker)
            done.wrappingAdd(1, ordering: .releasing)
            seen = ticket.load(ordering: .acquiring)
        }
    }

    func close() {
        isClosed.store(true, ordering: .sequentiallyConsistent)
        wake()
    }

    private func wake() {
        pthread_mutex_lock(&mutex)
        pthread_cond_broadcast(&condition)
        pthread_mutex_unlock(&mutex)
    }

    static func start(_ shared: Shared, worker: Int) {
        let argument = Unmanaged.passRetained(Start(shared: shared, worker: worker)).toOpaque()
        var thread = pthread_t(bitPattern: 0)
        let result = pthread_create(&thread, nil, threadMain, argument)
        if result == 0, let thread = thread as pthread_t? {
            pthread_detach(thread)
        } else {
            // Fewer threads than asked for: the others do the work.
            Unmanaged<Start>.fromOpaque(argument).release()
        }
    }

    fileprivate func serve(worker: Int) {
        while !isClosed.load(ordering: .acquiring) {
            takeItems(worker: worker)
            waitForWork()
        }
    }

    private var hasWork: Bool {
        ticket.load(ordering: .sequentiallyConsistent) & 0xFFFF_FFFF > 0
            || isClosed.load(ordering: .sequentiallyConsistent)
    }

    private func waitForWork() {
        if waitAwake(nanoseconds: Shared.patience, until: { hasWork }) { return }
        pthread_mutex_lock(&mutex)
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        // It may be woken before there is work: then it waits awake once more.
        if !hasWork { pthread_cond_wait(&condition, &mutex) }
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(&mutex)
    }
}

/// What a new thread is told.
private final class Start: Sendable {
    let shared: Shared
    let worker: Int

    init(shared: Shared, worker: Int) {
        self.shared = shared
        self.worker = worker
    }
}

#if canImport(Darwin)
    private func threadMain(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        serve(argument)
    }
#else
    private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        argument.flatMap { serve($0) }
    }
#endif

private func serve(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
    start.shared.serve(worker: start.worker)
    return nil
}

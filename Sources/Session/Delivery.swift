/// What a job has ready and has not given out yet: it goes out in parts, since each makes a frame.
struct Delivery<Item> {
    private let pause: Duration
    private let clock = ContinuousClock()
    private var items: [Item] = []
    /// Number of the first item that waits.
    private var first: Int
    private var last: ContinuousClock.Instant

    /// - Parameters:
    ///   - pause: between two parts.
    ///   - first: number of the first item of all.
    init(every pause: Duration, from first: Int = 0) {
        self.pause = pause
        self.first = first
        last = clock.now
    }

    mutating func add(_ more: some Sequence<Item>) { items += more }

    /// All that waits, where it is time, or the end.
    ///
    /// - Returns: nil where nothing is to be given out.
    mutating func take(atEnd: Bool) -> (items: [Item], first: Int)? {
        guard atEnd || last.duration(to: clock.now) >= pause, !items.isEmpty else { return nil }
        defer {
            first += items.count
            items = []
            last = clock.now
        }
        return (items, first)
    }
}

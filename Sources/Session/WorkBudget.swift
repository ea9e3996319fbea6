/// When something that is done again and again may be done next, so that it takes but a small share of the time.
///
/// What it costs is paid by the time that passes. Some of that is lent at the start, when weights change fastest.
struct WorkBudget {
    private let share: Double
    private let start: ContinuousClock.Instant
    private var spent = Duration.zero
    private var next = Duration.zero

    /// - Parameters:
    ///   - share: of the time that may be spent.
    ///   - lent: how much more time counts as passed than has.
    init(share: Double, lent: Duration, at now: ContinuousClock.Instant) {
        self.share = share
        start = now.advanced(by: .zero - lent)
    }

    /// It was done, and took so long.
    ///
    /// - Parameter next: what it will cost the next time.
    mutating func note(_ cost: Duration, next: Duration) {
        spent += cost
        self.next = next
    }

    /// When the next time is paid for.
    var due: ContinuousClock.Instant { start.advanced(by: (spent + next) * (1 / share)) }
}

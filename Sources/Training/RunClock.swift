/// How long a run has taken, pauses left out, over all the times that it was resumed.
struct RunClock {
    private let now: () -> Double
    private var begun: Double
    private var pausedAt: Double?

    /// - Parameter before: seconds that the run had taken before.
    init(before: Double, now: @escaping () -> Double) {
        self.now = now
        begun = now() - before
    }

    var seconds: Double { (pausedAt ?? now()) - begun }

    mutating func pause() { pausedAt = pausedAt ?? now() }

    mutating func proceed() {
        guard let pausedAt else { return }
        begun += now() - pausedAt
        self.pausedAt = nil
    }
}

/// Images a second since a moment of a run's clock.
struct Speedometer {
    private(set) var images = 0
    private(set) var begun: Double

    init(at seconds: Double) { begun = seconds }

    mutating func count(_ images: Int) { self.images += images }

    func rate(at seconds: Double) -> Double { Double(images) / max(seconds - begun, 1e-9) }
}

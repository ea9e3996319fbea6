/// Which frame is seen, and how it goes on.
struct WalkPlayback: Hashable, Sendable {
    enum Turn: String, CaseIterable, Hashable, Sendable {
        /// To the end, and back again.
        case pingPong = "forth and back"
        /// To the end, and again from the start.
        case loop
    }

    /// Counted from 0.
    private(set) var frame = 0
    private(set) var isPlaying = false
    private(set) var framesPerSecond = 12
    var turn = Turn.pingPong
    private var goesBack = false
    /// When the next frame is due, while it plays.
    private(set) var nextFrame: Duration?

    /// To the end and back, or to the end, since anybody touched a key.
    private var rounds = 0
    /// Whether it stopped by itself: nobody was there.
    private(set) var isStopped = false

    /// After so many rounds without a key it stops.
    static let mostRounds = 3
    static let speeds = [1, 2, 3, 6, 12, 24, 48]

    private var interval: Duration { .seconds(1) / framesPerSecond }

    mutating func play(at time: Duration) {
        isPlaying = true
        nextFrame = time + interval
        (rounds, isStopped) = (0, false)
    }

    /// Somebody is there.
    mutating func noticeKey() { rounds = 0 }

    mutating func pause() {
        isPlaying = false
        nextFrame = nil
    }

    /// - Returns: whether there is such a speed.
    mutating func changeSpeed(by places: Int, at time: Duration) -> Bool {
        let place = (Self.speeds.firstIndex(of: framesPerSecond) ?? 4) + places
        guard Self.speeds.indices.contains(place) else { return false }
        framesPerSecond = Self.speeds[place]
        if isPlaying { nextFrame = time + interval }
        return true
    }

    /// To a frame, at once; the next one follows after its time.
    mutating func show(_ frame: Int, of count: Int, at time: Duration) {
        self.frame = max(0, min(count - 1, frame))
        isStopped = false
        if isPlaying { nextFrame = time + interval }
    }

    /// From the start again.
    mutating func restart(at time: Duration) {
        goesBack = false
        show(0, of: 1, at: time)
    }

    /// Shows the next frame where one is due. One that is late is not made up for: frames are dropped, never hurried.
    mutating func advance(of count: Int, at time: Duration) {
        guard let due = nextFrame, time >= due else { return }
        nextFrame = due + interval > time ? due + interval : time + interval
        guard count > 1 else { return }
        switch turn {
        case .loop: frame = (frame + 1) % count
        case .pingPong:
            if frame >= count - 1 { goesBack = true }
            if frame <= 0 { goesBack = false }
            frame += goesBack ? -1 : 1
        }
        guard frame == 0 else { return }
        rounds += 1
        guard rounds == Self.mostRounds else { return }
        pause()
        isStopped = true
    }
}

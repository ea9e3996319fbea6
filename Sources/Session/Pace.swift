/// How many items make a piece of background work of the wanted length: learnt from the pieces before.
struct Pace {
    private var items = 4.0

    func count(limit: Int) -> Int { max(1, min(limit, Int(items))) }

    mutating func note(_ count: Int, took duration: Duration, of wanted: Duration) {
        let share = max(duration / wanted, 0.01)
        // At most doubled each time: the first run of a plan is slower, a lucky one proves little.
        items = min(Double(count) / share, 2 * Double(count))
    }
}

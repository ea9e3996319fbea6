import ArgumentParser

/// `--threads N`
enum Threads {
    /// Each thread has memory of its own: a number that is a slip of the finger would take all there is.
    static let most = 256

    static func check(_ threads: Int?) throws {
        guard let threads, !(1...most).contains(threads) else { return }
        throw ValidationError("--threads must lie between 1 and \(most).")
    }
}

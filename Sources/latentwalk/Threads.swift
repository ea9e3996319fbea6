import ArgumentParser
import Neural

/// `--threads N`, wherever something computes.
struct ThreadOptions: ParsableArguments {
    /// Each thread has memory of its own: a number that is a slip of the finger would take all there is.
    private static let most = 256

    @Option(parsing: .unconditional, help: "How many threads work. (default: one a processor)")
    var threads: Int?

    func validate() throws {
        guard let threads, !(1...Self.most).contains(threads) else { return }
        throw ValidationError("--threads must lie between 1 and \(Self.most).")
    }

    func makePool() -> WorkerPool { WorkerPool(threads: threads ?? WorkerPool.processorCount) }
}

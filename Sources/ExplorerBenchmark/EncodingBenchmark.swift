import PseudoTerminal

/// How long 60,000 images take through the encoder, and how soon keys are answered meanwhile.
struct EncodingBenchmark {
    let program: String

    /// Progress is told five times a second.
    private static let quiet = Duration.milliseconds(700)

    func run() throws {
        let bench = ExplorerBenchmark(
            command: [program, "explore", "--data", "mnist", "--split", "train"], colors: .palette256)
        var alone: [Duration] = []
        for _ in 0..<3 {
            let terminal = try bench.start()
            try terminal.wait(for: ExplorerBenchmark.frameEnd)
            let begun = ContinuousClock.now
            try terminal.wait(for: "encoding")
            guard let last = terminal.readUntilQuiet(for: Self.quiet, within: .seconds(60)) else { continue }
            alone.append(begun.duration(to: last))
            try bench.leave(terminal)
        }
        bench.report("60,000 images read and encoded, from the first frame on", alone, target: "≤ 6000 ms")
        bench.report("key to last byte while they are", try keysMeanwhile(bench), target: "p99 ≤ 30 ms")
    }

    private func keysMeanwhile(_ bench: ExplorerBenchmark) throws -> [Duration] {
        let terminal = try bench.start()
        try terminal.wait(for: ExplorerBenchmark.frameEnd)
        try terminal.wait(for: "encoding")
        var times: [Duration] = []
        for key in 0..<100 {
            let start = terminal.output.count
            let typed = ContinuousClock.now
            terminal.type(key % 20 < 10 ? "l" : "h")
            try terminal.wait(for: ExplorerBenchmark.frameEnd, from: start)
            times.append(typed.duration(to: .now))
            terminal.read(for: .milliseconds(5))
        }
        try bench.leave(terminal)
        return times
    }
}

import PseudoTerminal

/// How long the Manifold view takes from the key to the last of its pictures, at each of the sizes that make many.
struct ManifoldBenchmark {
    let program: String

    /// Between two answers of the engine lie 40 ms; so long without a byte means that all pictures are there.
    private static let quiet = Duration.milliseconds(150)

    func run() throws {
        for colors in ExplorerBenchmark.Colors.allCases {
            let bench = ExplorerBenchmark(command: [program, "explore", "--no-animation"], colors: colors)
            let terminal = try bench.start()
            try terminal.wait(for: ExplorerBenchmark.frameEnd)
            _ = terminal.readUntilQuiet(for: .seconds(2), within: .seconds(60))
            terminal.type("2")
            _ = terminal.readUntilQuiet(for: Self.quiet)
            // From the size that it begins with downwards; each size decodes all of its pictures anew.
            for step in 0..<4 {
                if step > 0 {
                    terminal.type("-")
                    _ = terminal.readUntilQuiet(for: Self.quiet)
                }
                try measure(terminal, bench, size: "size \(-step)")
            }
            try bench.leave(terminal)
        }
    }

    /// Between even steps and the prior's quantiles no picture is the same.
    private func measure(_ terminal: PseudoTerminal, _ bench: ExplorerBenchmark, size: String) throws {
        var (first, whole): ([Duration], [Duration]) = ([], [])
        for _ in 0..<10 {
            let start = terminal.output.count
            let typed = ContinuousClock.now
            terminal.type("n")
            try terminal.wait(for: ExplorerBenchmark.frameEnd, from: start)
            first.append(typed.duration(to: .now))
            guard let last = terminal.readUntilQuiet(for: Self.quiet) else { continue }
            whole.append(typed.duration(to: last))
        }
        bench.report("manifold, \(size): first pictures", first, target: "≤ 16 ms")
        bench.report("manifold, \(size): all pictures", whole, target: "400 in ≤ 60 ms")
    }
}

import PseudoTerminal

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the live view costs a training: the same run with the view and without, in turns, by the run's own clock.
struct TrainingViewBenchmark {
    let program: String
    private static let rounds = 5

    func run() throws {
        var ratios: [Double] = []
        var speeds: [(plain: Double, view: Double)] = []
        for round in 0..<Self.rounds {
            // Who begins changes, so that neither always has the warmer machine.
            let isPlainFirst = round.isMultiple(of: 2)
            let first = try seconds(hasView: !isPlainFirst)
            let second = try seconds(hasView: isPlainFirst)
            let (plain, view) = isPlainFirst ? (first, second) : (second, first)
            ratios.append(view / plain)
            speeds.append((plain, view))
        }
        let sorted = ratios.sorted()
        func percent(_ ratio: Double) -> String { "\((1000 * (ratio - 1)).rounded() / 10) %" }
        print(
            "training with the live view at 200×60, direct colors, beside --plain: median \(percent(sorted[sorted.count / 2]))"
                + " more time, from \(percent(sorted[0])) to \(percent(sorted[sorted.count - 1])) over \(sorted.count) "
                + "rounds (target: ≤ 2 %)")
        let seconds = speeds.map { "\(($0.plain * 100).rounded() / 100) / \(($0.view * 100).rounded() / 100)" }
        print("  seconds without / with: " + seconds.joined(separator: ", "))
    }

    /// How long a short run took, by its table of measurements.
    private func seconds(hasView: Bool) throws -> Double {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "latentwalk-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var environment = [
            "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent",
        ]
        for name in ["LATENTWALK_DATA", "HOME"] { environment[name] = ProcessInfo.processInfo.environment[name] }
        let command =
            [program, "train", "--data", "mnist", "--limit", "21000", "--validation", "1000", "--epochs", "2"]
            + ["--out", folder.path] + (hasView ? [] : ["--plain"])
        let terminal = try PseudoTerminal(command, environment: environment, columns: 200, rows: 60)
        if hasView {
            try terminal.wait(for: "all epochs are done", within: .seconds(600))
            terminal.type("x")
        }
        guard try terminal.waitForExit(within: .seconds(600)) == .code(0) else {
            throw PseudoTerminal.Failure(description: "the training did not end well: \(terminal.text.suffix(500))")
        }
        return try lastSeconds(folder.appendingPathComponent("metrics.csv"))
    }

    private func lastSeconds(_ table: URL) throws -> Double {
        let rows = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let column = rows.first?.firstIndex(of: "seconds"), let last = rows.last, last.count > column,
            let seconds = Double(last[column])
        else { throw PseudoTerminal.Failure(description: "\(table.path) has no column of seconds") }
        return seconds
    }
}

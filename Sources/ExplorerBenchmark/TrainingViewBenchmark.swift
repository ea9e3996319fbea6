import Platform
import PseudoTerminal

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the live view costs a training: the same run with the view and without, in turns; by the run's own clock, and by
/// the processor time of the whole process, which means something on a busy machine too.
struct TrainingViewBenchmark {
    let program: String
    private static let rounds = 7

    private struct Cost {
        let seconds: Double
        let processorSeconds: Double
    }

    func run() throws {
        var pairs: [(plain: Cost, view: Cost)] = []
        for round in 0..<Self.rounds {
            // Who begins changes, so that neither always has the warmer machine.
            let isPlainFirst = round.isMultiple(of: 2)
            let first = try cost(hasView: !isPlainFirst)
            let second = try cost(hasView: isPlainFirst)
            pairs.append(isPlainFirst ? (first, second) : (second, first))
        }
        print(
            "training with the live view at 200×60, direct colors, beside --plain, \(pairs.count) rounds (target: ≤ 2 %)"
        )
        report("  time of the run", pairs.map { ($0.plain.seconds, $0.view.seconds) })
        report("  processor time", pairs.map { ($0.plain.processorSeconds, $0.view.processorSeconds) })
    }

    private func report(_ name: String, _ pairs: [(plain: Double, view: Double)]) {
        let ratios = pairs.map { $0.view / $0.plain }.sorted()
        func percent(_ ratio: Double) -> String { "\((1000 * (ratio - 1)).rounded() / 10) %" }
        func hundredths(_ seconds: Double) -> String { "\((seconds * 100).rounded() / 100)" }
        print(
            "\(name): median \(percent(ratios[ratios.count / 2])) more, \(percent(ratios[0])) to "
                + "\(percent(ratios[ratios.count - 1])); seconds without/with "
                + pairs.map { "\(hundredths($0.plain))/\(hundredths($0.view))" }.joined(separator: " "))
    }

    /// User and system time of all processes that were waited for.
    private func childrenSeconds() -> Double {
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        #else
            getrusage(RUSAGE_CHILDREN, &usage)
        #endif
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// A short run, by its table of measurements and by the system's account.
    private func cost(hasView: Bool) throws -> Cost {
        let before = childrenSeconds()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "latentwalk-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var environment = [
            "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent",
        ]
        environment["HOME"] = ProcessInfo.processInfo.environment["HOME"]
        let data = try trainingImages(in: folder.appendingPathComponent("data"))
        let run = folder.appendingPathComponent("run")
        let command =
            [program, "train", "--data", data.path, "--limit", "21000", "--validation", "1000", "--epochs", "2"]
            + ["--out", run.path] + (hasView ? [] : ["--plain"])
        let terminal = try PseudoTerminal(command, environment: environment, columns: 200, rows: 60)
        if hasView {
            try terminal.wait(for: "all epochs are done", within: .seconds(600))
            terminal.type("x")
        }
        guard try terminal.waitForExit(within: .seconds(600)) == .code(0) else {
            throw PseudoTerminal.Failure(description: "the training did not end well: \(terminal.text.suffix(500))")
        }
        let seconds = try lastSeconds(run.appendingPathComponent("metrics.csv"))
        return Cost(seconds: seconds, processorSeconds: childrenSeconds() - before)
    }

    /// MNIST, or Fashion-MNIST, without its test images: the evaluation at the end has nothing to do with the view.
    private func trainingImages(in folder: URL) throws -> URL {
        let variable = ProcessInfo.processInfo.environment["LATENTWALK_DATA"] ?? "/nonexistent"
        let places = ["\(variable)/mnist", "/usr/share/datasets/fashion-mnist"]
        let files = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]
        guard let place = places.first(where: { FileManager.default.fileExists(atPath: "\($0)/\(files[0])") }) else {
            throw PseudoTerminal.Failure(
                description: "no MNIST in $LATENTWALK_DATA and no Fashion-MNIST in \(places[1])")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in files {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent(file).path, withDestinationPath: "\(place)/\(file)")
        }
        return folder
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

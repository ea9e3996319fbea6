// How fast the explorer answers, measured from outside: keys go into a pseudo-terminal of 200×60 cells, and the clock
// stops at the last byte that comes back for them.
//
//     swift run -c release ExplorerBenchmark [PROGRAM [ARGUMENT …]]
//     swift run -c release ExplorerBenchmark --plane NAME [PROGRAM]
//     swift run -c release ExplorerBenchmark --training [PROGRAM]
//     swift run -c release ExplorerBenchmark --manifold [PROGRAM]
//     swift run -c release ExplorerBenchmark --encoding [PROGRAM]
//     swift run -c release ExplorerBenchmark --random-keys COUNT [PROGRAM]
//
// Prints a line a figure, with its target. Input to the terminal's own drawing is not part of it.
import Platform
import PseudoTerminal

@main
struct ExplorerBenchmark {
    static func main() {
        do {
            try measure()
        } catch {
            fflush(nil)
            print("the explorer could not be measured: \(error)")
            exit(1)
        }
    }

    private static func measure() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        /// The argument after so many others, or the program that was built.
        func program(after count: Int) -> String {
            arguments.dropFirst(count).first ?? ".build/release/latentwalk"
        }
        switch arguments.first {
        case "--plane":
            guard let name = arguments.dropFirst().first else {
                throw PseudoTerminal.Failure(description: "--plane takes a name, such as stretch")
            }
            for colors in Colors.allCases {
                try ExplorerBenchmark(command: [program(after: 2), "explore"], colors: colors).measureKeys(over: name)
            }
        case "--training": try TrainingViewBenchmark(program: program(after: 1)).run()
        case "--manifold": try ManifoldBenchmark(program: program(after: 1)).run()
        case "--encoding": try EncodingBenchmark(program: program(after: 1)).run()
        case "--random-keys":
            guard let count = arguments.dropFirst().first.flatMap({ Int($0) }), count > 0 else {
                throw PseudoTerminal.Failure(description: "--random-keys takes a number of keys")
            }
            try RandomKeysBenchmark(program: program(after: 2), count: count).run()
        default: try measureKeys(program(after: 0), arguments.dropFirst())
        }
    }

    private static func measureKeys(_ program: String, _ arguments: ArraySlice<String>) throws {
        let command = [program] + (arguments.isEmpty ? ["explore"] : Array(arguments))
        for colors in Colors.allCases {
            let bench = ExplorerBenchmark(command: command, colors: colors)
            try bench.measureStarts()
            try bench.measureKeys()
        }
        try ExplorerBenchmark(command: command, colors: .direct).measureIdleness()
    }

    enum Colors: String, CaseIterable {
        case palette256 = "256 colors"
        case direct = "direct colors"
    }

    let command: [String]
    let colors: Colors

    /// The end of a frame, as the explorer brackets it.
    static let frameEnd = "\u{1B}[?2026l"
    /// No byte for so long: the answer to a key is through.
    private static let quiet = Duration.milliseconds(30)

    func start() throws -> PseudoTerminal {
        var environment = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"]
        #if !os(Linux)
            environment["LC_ALL"] = "en_US.UTF-8"
        #endif
        // Where data sets are looked for.
        environment["LATENTWALK_DATA"] = environmentVariable("LATENTWALK_DATA")
        if colors == .direct { environment["COLORTERM"] = "truecolor" }
        return try PseudoTerminal(command, environment: environment, columns: 200, rows: 60)
    }

    func leave(_ terminal: PseudoTerminal) throws {
        terminal.type("q")
        guard try terminal.waitForExit() == .code(0) else {
            throw PseudoTerminal.Failure(
                description: "the explorer did not leave in order: \(terminal.text.suffix(500))")
        }
    }

    /// From the start of the process to the end of its first frame.
    private func measureStarts() throws {
        var times: [Duration] = []
        for _ in 0..<20 {
            let begun = ContinuousClock.now
            let terminal = try start()
            try terminal.wait(for: Self.frameEnd)
            times.append(begun.duration(to: .now))
            try leave(terminal)
        }
        report("first frame after start", times, target: "≤ 100 ms")
    }

    /// Moves over the plane, one key at a time, after the data set is encoded.
    ///
    /// - Parameter plane: what is under the cross-hair; nil for what the explorer begins with.
    private func measureKeys(over plane: String? = nil) throws {
        let terminal = try start()
        try terminal.wait(for: Self.frameEnd)
        if let plane {
            terminal.type(":plane \(plane)\r")
            try terminal.wait(for: "plane:")
        }
        _ = terminal.readUntilQuiet(for: .seconds(2), within: .seconds(60))
        let walk = [("C", 10), ("A", 10), ("D", 20), ("B", 20), ("C", 20), ("A", 10)]
        let keys = walk.flatMap { Array(repeating: "\u{1B}O\($0.0)", count: $0.1) }
        var times: [Duration] = []
        var bytes = 0
        for key in Array(repeating: keys, count: 6).joined() {
            let before = terminal.output.count
            let typed = ContinuousClock.now
            terminal.type(key)
            guard let last = terminal.readUntilQuiet(for: Self.quiet) else { continue }
            times.append(typed.duration(to: last))
            bytes += terminal.output.count - before
        }
        report("key to last byte" + (plane.map { " over \($0)" } ?? ""), times, target: "p99 ≤ 16 ms")
        print("  bytes a key: \(bytes / max(1, times.count))")
        try leave(terminal)
    }

    /// Processor time that an explorer uses to which nobody talks.
    private func measureIdleness() throws {
        let terminal = try start()
        try terminal.wait(for: Self.frameEnd)
        terminal.type("l")
        // The plane is mapped while there is nothing else to do: a minute and a half for that.
        let patience = ContinuousClock.now + .seconds(90)
        var (earlier, before) = (-1, 0)
        while earlier != before, ContinuousClock.now < patience {
            earlier = before
            terminal.read(for: .seconds(1))
            before = try processorTime(of: terminal.process)
        }
        terminal.read(for: .seconds(10))
        let used = try processorTime(of: terminal.process) - before
        print("idle for 10 s: \(used) ms of processor time (target: 0)")
        try leave(terminal)
    }

    func report(_ name: String, _ times: [Duration], target: String) {
        let sorted = times.map { $0 / .milliseconds(1) }.sorted()
        func quantile(_ share: Double) -> String {
            guard !sorted.isEmpty else { return "?" }
            let value = sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
            return "\((value * 10).rounded() / 10)"
        }
        print(
            "\(name), \(colors.rawValue): p50 \(quantile(0.5)), p99 \(quantile(0.99)), "
                + "worst \(quantile(1)) ms over \(sorted.count) (target: \(target))")
    }
}

/// User and system time of a process so far, in milliseconds; as exact as the system keeps it, mostly 10.
private func processorTime(of process: pid_t) throws -> Int {
    #if os(Linux)
        guard let file = fopen("/proc/\(process)/stat", "r") else {
            throw PseudoTerminal.Failure(description: "the explorer is gone")
        }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = fread(&buffer, 1, buffer.count, file)
        let text = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        // After the name in parentheses, user and system time are the 12th and 13th field, in ticks.
        let fields = (text.split(separator: ")").last ?? "").split(separator: " ")
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return 0 }
        return (user + system) * 1000 / sysconf(Int32(_SC_CLK_TCK))
    #else
        var information = rusage_info_v0()
        let status = withUnsafeMutablePointer(to: &information) { pointer in
            pointer.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) {
                proc_pid_rusage(process, RUSAGE_INFO_V0, $0)
            }
        }
        guard status == 0 else { throw PseudoTerminal.Failure(description: "the explorer is gone") }
        var base = mach_timebase_info_data_t()
        mach_timebase_info(&base)
        let ticks = information.ri_user_time + information.ri_system_time
        return Int(ticks * UInt64(base.numer) / UInt64(base.denom) / 1_000_000)
    #endif
}

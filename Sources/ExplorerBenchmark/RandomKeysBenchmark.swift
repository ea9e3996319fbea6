import Platform
import PseudoTerminal

/// A person without a plan: random keys, clicks and sizes, and between them a question that has to be answered soon.
struct RandomKeysBenchmark {
    let program: String
    let count: Int

    /// After so many keys the help is asked for: whatever is on the screen, that makes a frame.
    private static let keysBetweenProbes = 10
    private static let hang = Duration.milliseconds(100)

    func run() throws {
        let bench = ExplorerBenchmark(command: [program, "explore"], colors: .direct)
        let terminal = try bench.start()
        try terminal.wait(for: ExplorerBenchmark.frameEnd)
        _ = terminal.readUntilQuiet(for: .seconds(2), within: .seconds(60))
        var keys = RandomKeys(seed: 1)
        var size = (columns: 200, rows: 60)
        var recent: [RandomKeys.Input] = []
        var times: [Duration] = []
        var slow: [String] = []
        var memory: [(keys: Int, kilobytes: Int)] = []
        for key in 0..<count {
            if key % max(1, count / 10) == 0 { memory.append((key, residentKilobytes(of: terminal.process))) }
            let input = keys.next()
            recent = recent.suffix(4) + [input]
            input.act(on: terminal)
            // A key right behind Escape is a part of a sequence.
            if case .text("\u{1B}") = input { terminal.read(for: .milliseconds(80)) }
            if case .size(let columns, let rows) = input { size = (columns, rows) }
            if key % Self.keysBetweenProbes == 0 {
                times.append(try probe(terminal, &size))
                if let last = times.last, last > Self.hang { slow.append("\(last) after \(recent)") }
            }
        }
        memory.append((count, residentKilobytes(of: terminal.process)))
        bench.report("\(count) random keys, key to frame", times, target: "worst ≤ 100 ms")
        print("  longer than 100 ms: \(times.count { $0 > Self.hang }) of \(times.count)")
        for line in slow.prefix(10) { print("    \(line)") }
        print("  resident memory: " + memory.map { "\($0.kilobytes / 1024) MB" }.joined(separator: ", "))
        // Out of prompts and overlays, to a size that has room.
        terminal.resize(columns: 120, rows: 40)
        terminal.type("\u{1B}")
        terminal.read(for: .milliseconds(300))
        terminal.type("\u{1B}")
        terminal.read(for: .milliseconds(300))
        terminal.type("1")
        terminal.read(for: .milliseconds(300))
        try bench.leave(terminal)
    }

    /// From the key to the end of a frame. Where the key changes nothing that is seen, as in a prompt that is full, a new
    /// size asks once more.
    private func probe(_ terminal: PseudoTerminal, _ size: inout (columns: Int, rows: Int)) throws -> Duration {
        terminal.read(for: .milliseconds(2))
        var start = terminal.output.count
        var asked = ContinuousClock.now
        terminal.type("?")
        if (try? terminal.wait(for: ExplorerBenchmark.frameEnd, from: start, within: Self.hang)) == nil {
            start = terminal.output.count
            asked = .now
            size.columns += 1
            terminal.resize(columns: size.columns, rows: size.rows)
            try terminal.wait(for: ExplorerBenchmark.frameEnd, from: start)
        }
        return asked.duration(to: .now)
    }

    private func residentKilobytes(of process: pid_t) -> Int {
        guard let file = fopen("/proc/\(process)/statm", "r") else { return 0 }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 256)
        let length = fread(&buffer, 1, buffer.count - 1, file)
        let fields = String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self).split(
            separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1024
    }
}

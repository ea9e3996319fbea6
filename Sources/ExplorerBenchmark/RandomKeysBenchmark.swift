import PseudoTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

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
        var times: [Duration] = []
        var memory: [(keys: Int, kilobytes: Int)] = []
        for key in 0..<count {
            if key % max(1, count / 10) == 0 { memory.append((key, residentKilobytes(of: terminal.process))) }
            keys.next().act(on: terminal)
            if key % Self.keysBetweenProbes == 0 { times.append(try probe(terminal)) }
        }
        memory.append((count, residentKilobytes(of: terminal.process)))
        bench.report("\(count) random keys, key to frame", times, target: "worst ≤ 100 ms")
        print("  longer than 100 ms: \(times.count { $0 > Self.hang }) of \(times.count)")
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

    /// From the key to the end of a frame.
    private func probe(_ terminal: PseudoTerminal) throws -> Duration {
        terminal.read(for: .milliseconds(2))
        let start = terminal.output.count
        let typed = ContinuousClock.now
        terminal.type("?")
        try terminal.wait(for: ExplorerBenchmark.frameEnd, from: start)
        return typed.duration(to: .now)
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

/// What comes from the keyboard and the mouse by chance; never what leaves, suspends or writes to a file of a name.
private struct RandomKeys {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    enum Input {
        case text(String)
        case size(columns: Int, rows: Int)

        func act(on terminal: PseudoTerminal) {
            switch self {
            case .text(let text): terminal.type(text)
            case .size(let columns, let rows): terminal.resize(columns: columns, rows: rows)
            }
        }
    }

    /// Knuth's linear congruential generator (MMIX); its upper bits are random enough here.
    private mutating func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private static let characters = Array("abcdfghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ+-,.[]{}()<>/:'#0 ")
    private static let special = [
        "\r", "\t", "\u{7F}", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[H", "\u{1B}[F", "\u{0C}", "\u{1B}[3~",
    ]
    private static let arrows = [
        "\u{1B}OA", "\u{1B}OB", "\u{1B}OC", "\u{1B}OD", "\u{1B}[1;2A", "\u{1B}[1;2B", "\u{1B}[1;2C", "\u{1B}[1;2D",
    ]

    mutating func next() -> Input {
        switch random(100) {
        case 0..<2:
            return random(4) == 0
                ? .size(columns: 1 + random(60), rows: 1 + random(20))
                : .size(columns: 60 + random(180), rows: 20 + random(60))
        case 2..<12: return .text(String(1 + random(5)))
        case 12..<20: return .text(mouse())
        case 20..<30: return .text(Self.special[random(Self.special.count)])
        case 30..<34: return .text("\u{1B}")
        case 34..<60: return .text(Self.arrows[random(Self.arrows.count)])
        default: return .text(String(Self.characters[random(Self.characters.count)]))
        }
    }

    /// Press, drag, release or wheel, as a terminal reports them (SGR mode).
    private mutating func mouse() -> String {
        let (column, row) = (1 + random(200), 1 + random(60))
        return switch random(5) {
        case 0: "\u{1B}[<0;\(column);\(row)M"
        case 1: "\u{1B}[<32;\(column);\(row)M"
        case 2: "\u{1B}[<0;\(column);\(row)m"
        case 3: "\u{1B}[<64;\(column);\(row)M"
        default: "\u{1B}[<65;\(column);\(row)M"
        }
    }
}

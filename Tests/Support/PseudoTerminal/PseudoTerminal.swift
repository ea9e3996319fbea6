import Platform

/// A terminal for tests: a program runs on its one side, the test types and reads on the other.
///
/// The program is the leader of a session of its own, with the pseudo-terminal as its controlling terminal, so that
/// Ctrl-C, Ctrl-Z and hang-ups arrive as they do from a real one.
public final class PseudoTerminal {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(description: String) { self.description = description }
    }

    /// How a program ended.
    public enum Exit: Hashable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    public let process: pid_t
    /// The terminal's modes before the program started.
    public let initialModes: Modes
    /// Everything that the program has written so far.
    public private(set) var output: [UInt8] = []

    private var controller: Int32
    /// Held open, so that output and modes outlive the program.
    private let terminal: Int32
    private var exit: Exit?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: the program's path and its arguments.
    ///   - environment: all of its environment.
    ///   - columns: of the terminal, in cells.
    ///   - rows: of the terminal, in cells.
    ///   - inputPath: a file instead of the terminal as standard input.
    ///   - outputPath: a file instead of the terminal as standard output.
    public init(
        _ command: [String], environment: [String: String], columns: Int = 80, rows: Int = 24,
        inputPath: String? = nil, outputPath: String? = nil
    ) throws {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        var controller: Int32 = -1
        var terminal: Int32 = -1
        guard openpty(&controller, &terminal, nil, nil, &size) == 0 else {
            throw Failure(description: "no pseudo-terminal (error \(errno))")
        }
        let path = try Self.name(of: terminal)
        for descriptor in [controller, terminal] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        (self.controller, self.terminal) = (controller, terminal)
        initialModes = Modes(terminal)
        process = try Self.spawn(command, environment, terminal: path, inputPath, outputPath)
    }

    deinit {
        if exit == nil {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        if controller >= 0 { close(controller) }
        close(terminal)
    }

    // MARK: - What a person does

    public func type(_ text: String) { send(Array(text.utf8)) }

    public func send(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) } }

    /// Changes the size, in cells and, where given, in pixels; the program gets its SIGWINCH.
    public func resize(columns: Int, rows: Int, pixelWidth: Int = 0, pixelHeight: Int = 0) {
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: UInt16(pixelWidth),
            ws_ypixel: UInt16(pixelHeight))
        _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
    }

    public func signal(_ number: Int32) { kill(process, number) }

    /// To the program and all that it has started.
    public func signalGroup(_ number: Int32) { kill(-process, number) }

    /// The window is closed: the program's terminal is gone.
    public func hangUp() {
        close(controller)
        controller = -1
    }

    // MARK: - What a person sees

    public var text: String { String(decoding: output, as: UTF8.self) }

    /// Takes what the program writes, for a while or until there is nothing for that long.
    ///
    /// - Returns: what came now.
    @discardableResult
    public func read(for duration: Duration) -> [UInt8] {
        let start = output.count
        let end = ContinuousClock.now.advanced(by: duration)
        while ContinuousClock.now < end, readSome(until: end) {}
        return Array(output[start...])
    }

    /// Reads until nothing more comes for a while.
    ///
    /// - Returns: when the last bytes came; nil if none did.
    public func readUntilQuiet(for quiet: Duration, within limit: Duration = .seconds(10)) -> ContinuousClock.Instant? {
        let end = ContinuousClock.now.advanced(by: limit)
        var last: ContinuousClock.Instant?
        while ContinuousClock.now < end, readSome(until: .now.advanced(by: quiet)) { last = .now }
        return last
    }

    /// Waits until the output, from `start` on, holds a text.
    ///
    /// - Returns: the offset behind the text.
    @discardableResult
    public func wait(for text: String, from start: Int = 0, within limit: Duration = .seconds(10)) throws -> Int {
        let wanted = Array(text.utf8)
        let end = ContinuousClock.now.advanced(by: limit)
        var searched = start
        while true {
            if let found = firstOffset(of: wanted, from: searched) { return found + wanted.count }
            searched = max(start, output.count - wanted.count)
            guard ContinuousClock.now < end, readSome(until: end) else {
                let seen = String(decoding: output.suffix(2000), as: UTF8.self).debugDescription
                throw Failure(description: "“\(text.debugDescription)” did not come; the last output was \(seen)")
            }
        }
    }

    private func firstOffset(of wanted: [UInt8], from start: Int) -> Int? {
        output.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return nil }
            var place = start
            while place + wanted.count <= all.count {
                if memcmp(base + place, wanted, wanted.count) == 0 { return place }
                place += 1
            }
            return nil
        }
    }

    /// Reads what there is, waiting for it; false when time is up or the program has closed its side.
    private func readSome(until end: ContinuousClock.Instant) -> Bool {
        let left = ContinuousClock.now.duration(to: end).components
        var descriptor = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
        let milliseconds = max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
        guard controller >= 0, poll(&descriptor, 1, Int32(min(milliseconds, 60_000))) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Platform.read(controller, &buffer, buffer.count)
        guard count > 0 else { return false }
        output += buffer.prefix(count)
        return true
    }

    /// The terminal's modes at the moment.
    public var modes: Modes { Modes(terminal) }

    /// Types something that the program answers with much output, and reads nothing of it, until the program waits in a
    /// write that the terminal does not take.
    public func fill(typing text: String, within limit: Duration = .seconds(30)) throws {
        let end = ContinuousClock.now.advanced(by: limit)
        var refusals = 0
        // Full for a moment is not enough: a frame may come through in between.
        while refusals < 20 {
            guard ContinuousClock.now < end else {
                throw Failure(description: "the terminal is not full after \(limit)")
            }
            if refusals == 0 { type(text) }
            usleep(20_000)
            var descriptor = pollfd(fd: terminal, events: Int16(POLLOUT), revents: 0)
            refusals = poll(&descriptor, 1, 0) == 0 ? refusals + 1 : 0
        }
    }

    // MARK: - How it ends

    /// Waits for the end of the program.
    ///
    /// - Parameter reading: whether what it writes is read meanwhile; else its terminal fills up, or stays full.
    public func waitForExit(within limit: Duration = .seconds(10), reading: Bool = true) throws -> Exit {
        let end = ContinuousClock.now.advanced(by: limit)
        while exit == nil {
            if reading { read(for: .milliseconds(10)) } else { usleep(10_000) }
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process { exit = Self.exit(status) }
            guard exit != nil || ContinuousClock.now < end else {
                let seen = String(decoding: output.suffix(1000), as: UTF8.self).debugDescription
                throw Failure(description: "the program still runs after \(limit); the last output was \(seen)")
            }
        }
        read(for: .milliseconds(20))
        return exit!
    }

    /// The macros of `<sys/wait.h>`, which do not import.
    private static func exit(_ status: Int32) -> Exit {
        status & 0x7F == 0 ? .code(status >> 8 & 0xFF) : .signal(status & 0x7F)
    }

    /// The terminal's path. `ttyname` keeps its answer in one place for all threads, and tests run side by side.
    private static func name(of terminal: Int32) throws -> String {
        var bytes = [CChar](repeating: 0, count: 256)
        let code = ttyname_r(terminal, &bytes, bytes.count)
        guard code == 0 else { throw Failure(description: "a terminal without a name (error \(code))") }
        return bytes.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    private static func spawn(
        _ command: [String], _ environment: [String: String], terminal: String,
        _ inputPath: String?, _ outputPath: String?
    ) throws -> pid_t {
        #if canImport(Glibc)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // The first terminal that a session's leader opens becomes the session's.
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, terminal, O_RDWR, 0)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, inputPath ?? terminal, O_RDWR, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath ?? terminal, O_RDWR | O_CREAT, 0o600)
        var defaults = sigset_t()
        var none = sigset_t()
        sigfillset(&defaults)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &none)
        #if canImport(Glibc)
            let newSession: Int32 = 0x80
        #else
            let newSession = Int32(POSIX_SPAWN_SETSID)
        #endif
        let flags = newSession | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let arguments = command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for string in arguments + variables { free(string) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, command[0], &actions, &attributes, arguments, variables)
        guard code == 0 else { throw Failure(description: "\(command[0]) did not start (error \(code))") }
        return process
    }
}

/// A terminal's modes as comparable numbers.
public struct Modes: Hashable, Sendable {
    public let input: UInt64
    public let output: UInt64
    public let control: UInt64
    public let local: UInt64
    public let characters: [UInt8]

    init(_ descriptor: Int32) {
        var modes = termios()
        tcgetattr(descriptor, &modes)
        input = UInt64(modes.c_iflag)
        output = UInt64(modes.c_oflag)
        control = UInt64(modes.c_cflag)
        local = UInt64(modes.c_lflag)
        characters = withUnsafeBytes(of: modes.c_cc) { Array($0) }
    }
}

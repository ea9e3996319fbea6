import Foundation
import PseudoTerminal

/// The demo program on a pseudo-terminal, and the file into which it writes its events.
final class Demo {
    let terminal: PseudoTerminal
    private let eventFile: URL

    #if os(Linux)
        static let utf8Locale = "C.UTF-8"
    #else
        static let utf8Locale = "en_US.UTF-8"
    #endif

    /// Modes on and off again: what must stand at the end of the output of a terminal like xterm.
    static let restoring = ["\u{1B}[?1006l\u{1B}[?1002l", "\u{1B}[?1049l", "\u{1B}[?25h"]

    /// - Parameter shell: a line of the shell that runs `$DEMO`, instead of the program alone.
    init(
        _ environment: [String: String], arguments: [String] = [], shell: String? = nil,
        columns: Int = 80, rows: Int = 24, inputPath: String? = nil, outputPath: String? = nil
    ) throws {
        eventFile = FileManager.default.temporaryDirectory.appendingPathComponent("events-\(UUID().uuidString)")
        let program = try BuiltProgram.path("terminal-demo")
        var variables = ["LC_ALL": Self.utf8Locale, "EVENTS": eventFile.path, "DEMO": program, "PATH": "/usr/bin:/bin"]
        // Swift's own backtracer asks questions on a terminal, and waits half a minute for the answers.
        variables["SWIFT_BACKTRACE"] = "enable=no"
        variables.merge(environment) { $1 }
        let command = shell.map { ["/bin/sh", "-c", $0] } ?? [program] + arguments
        terminal = try PseudoTerminal(
            command, environment: variables, columns: columns, rows: rows,
            inputPath: inputPath, outputPath: outputPath)
    }

    /// What the shell has written beside the events' file, under these suffixes.
    func sideFiles(_ suffixes: [String]) -> [String] {
        suffixes.map { suffix in
            let file = eventFile.appendingPathExtension(suffix)
            defer { try? FileManager.default.removeItem(at: file) }
            return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        }
    }

    deinit { try? FileManager.default.removeItem(at: eventFile) }

    /// Starts the program and waits for its first screen.
    static func ready(
        _ environment: [String: String], arguments: [String] = [], columns: Int = 80, rows: Int = 24
    ) throws -> Demo {
        let demo = try Demo(environment, arguments: arguments, columns: columns, rows: rows)
        try demo.terminal.wait(for: "ready")
        return demo
    }

    var events: [String] {
        let text = (try? String(contentsOf: eventFile, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Waits until so many events have come.
    func events(_ count: Int) throws -> [String] {
        let end = ContinuousClock.now.advanced(by: .seconds(10))
        while events.count < count {
            guard ContinuousClock.now < end else {
                throw PseudoTerminal.Failure(description: "only \(events) came of \(count) events")
            }
            terminal.read(for: .milliseconds(5))
        }
        return events
    }

    /// Whether everything that was switched on has been switched off since, in the output up to its end.
    var isRestored: Bool {
        let text = terminal.text
        guard let last = text.range(of: "\u{1B}[?1049h", options: .backwards) else { return false }
        let after = text[last.upperBound...]
        return Self.restoring.allSatisfy { after.contains($0) }
    }
}

// A program that tests run on a pseudo-terminal: it puts the screen up, draws, writes each event it gets as a line into
// the file that EVENTS names, and does on request what must not leave traces.
//
//     q  ends            p  prints to standard output and error       d  draws many colours, D others
//     x  traps           s  segmentation fault                        h  hangs
import Cells
import Platform
import Terminal

@main
struct TerminalDemo {
    static func main() {
        do throws(TerminalError) {
            let terminal = try Terminal(options: options(), environment: Terminal.environment)
            run(terminal)
            terminal.end()
            if let signal = terminal.terminationSignal { Terminal.endProcess(by: signal) }
        } catch {
            fputs("\(error)\n", stderrStream())
            exit(69)
        }
    }

    private static func options() -> TerminalOptions {
        var options = TerminalOptions()
        for argument in CommandLine.arguments.dropFirst() {
            options.color = TerminalOptions.ColorChoice(rawValue: argument) ?? options.color
        }
        return options
    }

    private static func stderrStream() -> UnsafeMutablePointer<FILE>? { fdopen(STDERR_FILENO, "w") }

    private static func run(_ terminal: Terminal) {
        let log = getenv("EVENTS").flatMap { fopen($0, "a") }
        draw("ready \(terminal.size.columns)x\(terminal.size.rows) \(terminal.profile.depth)", on: terminal)
        while true {
            for event in terminal.events(timeout: nil) {
                if let log {
                    fputs(describe(event, terminal) + "\n", log)
                    fflush(log)
                }
                switch event {
                case .key(.character("q")), .terminated: return
                case .key(.character("p")):
                    print("printed to output")
                    fputs("printed to error\n", stderrStream())
                    fflush(nil)
                case .key(.character("d")): drawColors(7, on: terminal)
                case .key(.character("D")): drawColors(8, on: terminal)
                case .key(.character("x")): trap()
                case .key(.character("s")): kill(getpid(), SIGSEGV)
                case .key(.character("h")): while true { pause() }
                default: draw(describe(event, terminal), on: terminal)
                }
            }
        }
    }

    private static func describe(_ event: InputEvent, _ terminal: Terminal) -> String {
        switch event {
        case .key(let key): "key \(key)"
        case .mouse(let action, let place): "mouse \(action) \(place.column),\(place.row)"
        case .resized(let size): "resized \(size.columns)x\(size.rows) ratio \(terminal.profile.cellRatio)"
        case .resumed: "resumed"
        case .learned(let profile): "learned \(profile.background?.rawValue ?? "nothing") \(profile.glyphs)"
        case .terminated: "terminated \(terminal.terminationSignal ?? 0)"
        }
    }

    private static func draw(_ text: String, on terminal: Terminal) {
        var canvas = Canvas(terminal.size)
        canvas.write(text, column: 0, row: 0, style: Style(.indexed(2)))
        canvas.write("▀─", column: 0, row: 1)
        terminal.show(canvas)
    }

    /// Every cell has a pair of its own.
    private static func drawColors(_ blue: UInt8, on terminal: Terminal) {
        var canvas = Canvas(terminal.size)
        for row in 0..<canvas.size.rows {
            for column in 0..<canvas.size.columns {
                let style = Style(
                    .rgb(UInt8(row & 255), UInt8(column & 255), blue), on: .rgb(1, 2, UInt8(column & 255)))
                canvas[column, row] = Cell("▄", style)
            }
        }
        terminal.show(canvas)
    }

    private static func trap() -> Never {
        // On purpose: of all traps, this is the one that says something in optimized builds as well.
        fatalError("trapped on purpose")
    }
}

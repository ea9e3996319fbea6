/// Why there is no terminal to draw on.
public enum TerminalError: Error, Hashable, CustomStringConvertible {
    /// Input or output is a pipe or a file.
    case notATerminal(Stream)
    /// `TERM` is missing or empty.
    case noType
    /// The terminal's description is not in the system's database.
    case unknownType(String)
    /// The terminal has a name, but cannot put its cursor anywhere (`dumb`, for example).
    case cannotMoveCursor(String)
    /// The process has a screen up already.
    case alreadyOpen
    /// The system refused something; `what` names it.
    case system(what: String, code: Int32)

    public enum Stream: String, Hashable, Sendable {
        case input, output
    }

    public var description: String {
        switch self {
        case .notATerminal(let stream):
            "standard \(stream.rawValue) is not a terminal, and this view needs one: run it without a pipe or redirection"
        case .noType:
            "the environment variable TERM is empty, so the kind of terminal is unknown: set it, "
                + "for example TERM=xterm-256color"
        case .unknownType(let name):
            "this system does not know the terminal type “\(printable(name))”: install its terminfo entry "
                + "(Debian: ncurses-term), or try TERM=xterm-256color"
        case .cannotMoveCursor(let name):
            "the terminal type “\(printable(name))” cannot move its cursor, which this view needs: "
                + "run it in a terminal, or set TERM to the terminal's own type"
        case .alreadyOpen:
            "the screen is in use by this program already"
        case .system(let what, let code):
            "the terminal could not be set up: \(what) failed (error \(code))"
        }
    }

    private func printable(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(40).filter { $0.value >= 32 && $0.value != 127 }))
    }
}

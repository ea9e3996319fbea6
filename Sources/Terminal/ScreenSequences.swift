/// What puts a screen up and takes it down without curses: for a crash, which must not call curses, and for Ctrl-Z,
/// after which curses would reset the palette (OSC 104), and with it a person's own theme.
struct ScreenSequences: Hashable {
    /// Alternate screen, keypad, cursor.
    let enter: [UInt8]
    /// Attributes and colours, keypad, cursor, alternate screen.
    let leave: [UInt8]

    init(enter: [UInt8], leave: [UInt8]) {
        self.enter = enter
        self.leave = leave
    }

    /// - Parameter string: a capability by terminfo's name, without padding.
    init(_ string: (String) -> [UInt8]?) {
        enter = ["smcup", "smkx", "civis"].compactMap(string).flatMap { $0 }
        // Without an alternate screen what comes next at least begins on a line of its own.
        let lineEnd: [UInt8] = string("rmcup") == nil ? Array("\r\n".utf8) : []
        leave = ["sgr0", "op", "rmkx", "cnorm", "rmcup"].compactMap(string).flatMap { $0 } + lineEnd
    }
}

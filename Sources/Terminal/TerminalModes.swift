import Platform

/// How the terminal's driver was set before us: its modes, and whether its descriptors block. The latter are shared
/// with the shell, which would be left with a terminal that does not wait.
struct TerminalModes {
    private let modes: termios?
    private let inputFlags: Int32
    private let outputFlags: Int32

    /// Remembers what is there, and has both descriptors block: curses loses what it could not write at once.
    init() {
        var modes = termios()
        self.modes = tcgetattr(STDIN_FILENO, &modes) == 0 ? modes : nil
        inputFlags = fcntl(STDIN_FILENO, F_GETFL)
        outputFlags = fcntl(STDOUT_FILENO, F_GETFL)
        block(output: STDOUT_FILENO)
    }

    /// Has both descriptors block.
    func block(output: Int32) {
        if inputFlags >= 0 { Self.set(inputFlags & ~O_NONBLOCK, of: STDIN_FILENO) }
        if outputFlags >= 0 { Self.set(outputFlags & ~O_NONBLOCK, of: output) }
    }

    /// - Parameter output: the terminal; standard output may be captured at the moment.
    func restore(output: Int32) {
        if var modes { tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) }
        Self.set(inputFlags, of: STDIN_FILENO)
        Self.set(outputFlags, of: output)
    }

    private static func set(_ flags: Int32, of descriptor: Int32) {
        if flags >= 0, fcntl(descriptor, F_GETFL) != flags { _ = fcntl(descriptor, F_SETFL, flags) }
    }
}

/// A key as a program wants to know it; what the terminal sent for it is the terminal module's affair.
public enum Key: Hashable, Sendable {
    case character(Unicode.Scalar)
    case left, right, up, down
    case shiftLeft, shiftRight, shiftUp, shiftDown
    case enter, escape, tab, backTab, backspace, delete
    case home, end, pageUp, pageDown
    case control(Unicode.Scalar)
}

/// What the mouse did, at which cell.
public enum MouseAction: Hashable, Sendable {
    case press, drag, release, wheelUp, wheelDown
}

/// What came from the person before the screen, or from the screen itself.
public enum InputEvent: Hashable, Sendable {
    case key(Key)
    case mouse(MouseAction, Position)
    case resized(Size)
    /// More has become known of the terminal: it has answered a question.
    case learned(TerminalProfile)
    /// The process was stopped (Ctrl-Z) and goes on: the screen has been painted again.
    case resumed
    /// The terminal is gone, or a signal asks the program to end in order.
    case terminated
}

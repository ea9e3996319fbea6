import Cells
import Terminal

/// What the explorer's loop needs of a terminal; a test plays one.
public protocol Display: AnyObject {
    var size: Size { get }
    var profile: TerminalProfile { get }
    /// What was found out about the terminal, and why.
    var findings: [TerminalFinding] { get }
    /// Waits for input, a wake-up, or the end of the time; see ``Terminal/Terminal/events(timeout:)``.
    func events(timeout: Duration?) -> [InputEvent]
    func show(_ canvas: Canvas)
    func repaint()
    /// Puts text into the clipboard, where the terminal takes it.
    func copy(_ text: String)
    /// Whether the terminal itself is gone, rather than somebody asking for the end.
    var isHungUp: Bool { get }
    /// Has the process stopped as Ctrl-Z does.
    func requestStop()
}

extension Terminal: Display {}

/// One thing that was found out about a terminal, and on which evidence.
public struct TerminalFinding: Hashable, Sendable {
    /// What it is about, in a word or two: "colors".
    public var name: String
    /// What was decided: "256".
    public var value: String
    /// Why: "terminfo says 256 for TERM=xterm-256color".
    public var reason: String

    public init(_ name: String, _ value: String, _ reason: String) {
        self.name = name
        self.value = value
        self.reason = reason
    }
}

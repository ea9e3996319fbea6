import CNCurses
import Cells
import Platform

/// What the system's database says about `TERM`, read once, before any screen is up.
struct TerminalDescription {
    let entry: TerminalFacts.Entry
    /// What keys send, by terminfo's names.
    let keys: [String: [UInt8]]
    let sequences: ScreenSequences

    /// Nil when the database does not know the terminal.
    init?(term: String) {
        var status: Int32 = 0
        guard !term.isEmpty, setupterm(term, STDOUT_FILENO, &status) == OK, status == 1 else { return nil }
        defer { curses_forget_description() }
        entry = TerminalFacts.Entry(
            canMoveCursor: curses_string("cup") != nil,
            colors: max(0, Int(curses_number("colors"))),
            isDirect: curses_flag("RGB") != 0)
        var keys: [String: [UInt8]] = [:]
        for (name, _) in KeyTable.capabilities { keys[name] = Self.string(name) }
        self.keys = keys
        sequences = ScreenSequences(Self.string)
    }

    private static func string(_ name: String) -> [UInt8]? {
        guard let value = curses_string(name) else { return nil }
        return withoutPadding(Array(String(cString: value).utf8))
    }

    /// Takes out the pauses that terminals of old need, such as `$<2>`.
    static func withoutPadding(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "$"), rest.dropFirst().first == UInt8(ascii: "<"),
                let end = rest.firstIndex(of: UInt8(ascii: ">"))
            {
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}

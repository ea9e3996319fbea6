import Cells

/// Which key sends which bytes.
struct KeyTable {
    /// Names of terminfo's capabilities that hold what a key sends.
    static let capabilities: [(name: String, key: Key)] = [
        ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right),
        ("kri", .shiftUp), ("kind", .shiftDown), ("kLFT", .shiftLeft), ("kRIT", .shiftRight),
        ("khome", .home), ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown),
        ("kdch1", .delete), ("kcbt", .backTab), ("kbs", .backspace), ("kent", .enter),
    ]

    private var keys: [[UInt8]: Key] = [:]

    /// - Parameter strings: what the terminal's description says, by the names in ``capabilities``. Single characters
    ///   are left out: they mean the same everywhere.
    init(_ strings: [String: [UInt8]] = [:]) {
        for (name, key) in Self.capabilities {
            guard let bytes = strings[name], bytes.count > 1, bytes.first == 0x1B else { continue }
            // Where two keys share a sequence (as Shift and plain ones do on some), the plain one is meant.
            if keys[bytes] == nil { keys[bytes] = key }
        }
    }

    subscript(sequence: ArraySlice<UInt8>) -> Key? { keys.isEmpty ? nil : keys[Array(sequence)] }

    /// What follows `ESC [`: numbers, then a letter or `~`. The second number is the modifiers' mask plus one.
    static func key(controlSequence body: ArraySlice<UInt8>) -> Key? {
        guard let final = body.last else { return nil }
        let fields = body.dropLast().split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        let numbers = fields.map { Int(String(decoding: $0, as: UTF8.self)) ?? ($0.isEmpty ? 1 : -1) }
        guard numbers.allSatisfy({ $0 >= 0 }), numbers.count <= 2 else { return nil }
        let isShifted = numbers.count == 2 && numbers[1] == 2
        guard numbers.count < 2 || (1...2).contains(numbers[1]) else { return nil }
        switch final {
        case UInt8(ascii: "A"): return isShifted ? .shiftUp : .up
        case UInt8(ascii: "B"): return isShifted ? .shiftDown : .down
        case UInt8(ascii: "C"): return isShifted ? .shiftRight : .right
        case UInt8(ascii: "D"): return isShifted ? .shiftLeft : .left
        // rxvt's Shift-arrows.
        case UInt8(ascii: "a"): return .shiftUp
        case UInt8(ascii: "b"): return .shiftDown
        case UInt8(ascii: "c"): return numbers.isEmpty ? .shiftRight : nil
        case UInt8(ascii: "d"): return .shiftLeft
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "Z"): return .backTab
        case UInt8(ascii: "~"): return numbers.first.flatMap(editingKey)
        default: return nil
        }
    }

    private static func editingKey(_ number: Int) -> Key? {
        switch number {
        case 1, 7: .home
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        default: nil
        }
    }

    /// What follows `ESC O`: arrows, Home and End in application mode, and the keypad.
    static func key(singleShift body: ArraySlice<UInt8>) -> Key? {
        guard body.count == 1, let final = body.first else { return nil }
        switch final {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return .right
        case UInt8(ascii: "D"): return .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "M"): return .enter
        // The keypad's characters, 64 above themselves: * + , - . / and the digits.
        case UInt8(ascii: "j")...UInt8(ascii: "y"): return .character(Unicode.Scalar(final - 64))
        // Shift-arrows of old terminals, and of tmux for them.
        case UInt8(ascii: "a"): return .shiftUp
        case UInt8(ascii: "b"): return .shiftDown
        case UInt8(ascii: "c"): return .shiftRight
        case UInt8(ascii: "d"): return .shiftLeft
        default: return nil
        }
    }
}

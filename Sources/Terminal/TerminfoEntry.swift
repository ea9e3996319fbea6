/// A terminal description in memory, and its compiled form as `term(5)` gives it ("extended number format" with the
/// "extended storage format" behind it), which ncurses ≥ 6.1 reads.
struct TerminfoEntry: Hashable, Sendable {
    /// The entry's name first, then others, a description last.
    var names: [String]
    /// Standard capabilities by their index in `<term.h>`.
    var booleans: Set<BooleanCapability> = []
    var numbers: [NumberCapability: Int32] = [:]
    var strings: [StringCapability: String] = [:]
    /// Capabilities that `<term.h>` does not know, such as `RGB`.
    var extendedBooleans: [String] = []

    enum BooleanCapability: Int, Sendable {
        case automaticMargins = 1
        case eatNewlineGlitch = 4
        case moveInsertMode = 13
        case moveStandoutMode = 14
    }

    enum NumberCapability: Int, Sendable {
        case columns = 0
        case initialTabs = 1
        case lines = 2
        case maximumColors = 13
        case maximumPairs = 14
    }

    enum StringCapability: Int, Sendable {
        case bell = 1
        case carriageReturn = 2
        case changeScrollRegion = 3
        case clearScreen = 5
        case clearToEndOfLine = 6
        case clearToEndOfScreen = 7
        case columnAddress = 8
        case cursorAddress = 10
        case cursorDown = 11
        case cursorHome = 12
        case cursorInvisible = 13
        case cursorLeft = 14
        case cursorNormal = 16
        case cursorRight = 17
        case cursorUp = 19
        case enterBoldMode = 27
        case enterAlternateScreen = 28
        case enterDimMode = 30
        case enterReverseMode = 34
        case enterUnderlineMode = 36
        case eraseCharacters = 37
        case exitAttributeMode = 39
        case exitAlternateScreen = 40
        case exitUnderlineMode = 44
        case keypadLocal = 88
        case keypadTransmit = 89
        case cursorDownBy = 107
        case cursorLeftBy = 111
        case cursorRightBy = 112
        case cursorUpBy = 114
        case rowAddress = 127
        case scrollForward = 129
        case scrollReverse = 130
        case setAttributes = 131
        case tab = 134
        case enterAutomaticMargins = 151
        case exitAutomaticMargins = 152
        case clearToBeginningOfLine = 269
        case originalPair = 297
        case setForeground = 359
        case setBackground = 360
    }

    /// Magic number of the format whose numbers have 32 bits.
    private static let magic: UInt16 = 0o1036

    /// The bytes that `tic` would write.
    var compiled: [UInt8] {
        let name = Array(names.joined(separator: "|").utf8) + [0]
        let booleanCount = (booleans.map(\.rawValue).max() ?? -1) + 1
        let numberCount = (numbers.keys.map(\.rawValue).max() ?? -1) + 1
        let stringCount = (strings.keys.map(\.rawValue).max() ?? -1) + 1
        var table = StringTable()
        let offsets = (0..<stringCount).map { index -> Int16 in
            guard let string = StringCapability(rawValue: index).flatMap({ strings[$0] }) else { return -1 }
            return table.add(string)
        }

        var bytes: [UInt8] = []
        for number in [name.count, booleanCount, numberCount, stringCount, table.bytes.count] {
            if bytes.isEmpty { bytes.append(little: Self.magic) }
            bytes.append(little: UInt16(number))
        }
        bytes += name
        bytes += (0..<booleanCount).map { index in
            BooleanCapability(rawValue: index).map(booleans.contains) == true ? 1 : 0
        }
        bytes.padToEven()
        for index in 0..<numberCount {
            bytes.append(little: NumberCapability(rawValue: index).flatMap { numbers[$0] } ?? -1)
        }
        for offset in offsets { bytes.append(little: offset) }
        bytes += table.bytes
        if !extendedBooleans.isEmpty { appendExtension(to: &bytes) }
        return bytes
    }

    private func appendExtension(to bytes: inout [UInt8]) {
        var table = StringTable()
        let offsets = extendedBooleans.map { table.add($0) }
        bytes.padToEven()
        // Booleans, numbers, strings, items of the table (values and names), bytes of the table.
        for number in [extendedBooleans.count, 0, 0, offsets.count, table.bytes.count] {
            bytes.append(little: UInt16(number))
        }
        bytes += extendedBooleans.map { _ in 1 }
        bytes.padToEven()
        for offset in offsets { bytes.append(little: offset) }
        bytes += table.bytes
    }

    /// The entry as the value of `TERMINFO` that needs no file (ncurses' "hex:" form).
    var environmentValue: String {
        let digits = Array("0123456789ABCDEF".utf8)
        let hex = compiled.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "hex:" + String(decoding: hex, as: UTF8.self)
    }
}

/// Zero-ended strings one after the other, known by where they begin.
private struct StringTable {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ string: String) -> Int16 {
        defer { bytes += Array(string.utf8) + [0] }
        return Int16(bytes.count)
    }
}

extension [UInt8] {
    fileprivate mutating func append(little value: some FixedWidthInteger) {
        for byte in 0..<value.bitWidth / 8 { append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }

    fileprivate mutating func padToEven() {
        if !count.isMultiple(of: 2) { append(0) }
    }
}

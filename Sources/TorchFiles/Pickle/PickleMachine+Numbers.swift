extension PickleMachine {
    /// Opcodes that push a number, a truth value or nothing.
    ///
    /// - Returns: whether it was one.
    mutating func number(_ opcode: PickleOpcode) throws(PickleProblem) -> Bool {
        switch opcode {
        case .none: try push(.none)
        case .newTrue: try push(.boolean(true))
        case .newFalse: try push(.boolean(false))
        case .binInt: try push(.integer(try reader.signed32()))
        case .binInt1: try push(.integer(try reader.count(1)))
        case .binInt2: try push(.integer(try reader.count(2)))
        case .long1: try push(Self.integer(try reader.take(try reader.count(1))))
        case .long4: try push(Self.integer(try reader.take(try reader.signed32())))
        case .binFloat: try push(.number(try reader.double()))
        case .int: try push(try integerLine())
        case .long: try push(try longLine())
        case .float:
            let start = offset
            guard let number = Double(try reader.textLine()) else { throw .badNumber(at: start) }
            try push(.number(number))
        default: return false
        }
        return true
    }

    /// The number in a line of its own: the memo's places in protocol 0.
    mutating func decimal() throws(PickleProblem) -> Int {
        let start = offset
        guard let number = Int(try reader.textLine()) else { throw .badNumber(at: start) }
        return number
    }

    /// Two's complement, the least significant byte first.
    private static func integer(_ bytes: [UInt8]) -> PickleGraph.Value {
        guard bytes.count <= 8 else { return .longInteger(bytes) }
        let isNegative = (bytes.last ?? 0) >= 0x80
        let bits = bytes.reversed().reduce(isNegative ? UInt64.max : 0) { $0 << 8 | UInt64($1) }
        return .integer(Int(Int64(bitPattern: bits)))
    }

    /// Truth values are numbers with a zero before them.
    private mutating func integerLine() throws(PickleProblem) -> PickleGraph.Value {
        let start = offset
        let line = try reader.textLine()
        switch line {
        case "00": return .boolean(false)
        case "01": return .boolean(true)
        default:
            guard let number = Int(line) else { throw .badNumber(at: start) }
            return .integer(number)
        }
    }

    /// Digits, in Python 2 with an L behind. What has more than 64 bits keeps its digits alone.
    private mutating func longLine() throws(PickleProblem) -> PickleGraph.Value {
        let start = offset
        let line = try reader.textLine()
        let digits = line.hasSuffix("L") ? String(line.dropLast()) : line
        if let number = Int(digits) { return .integer(number) }
        guard !digits.isEmpty, digits.drop(while: { $0 == "-" }).allSatisfy(\.isASCII) else {
            throw .badNumber(at: start)
        }
        return .text(digits)
    }
}

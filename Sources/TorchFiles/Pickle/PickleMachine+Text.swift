extension PickleMachine {
    /// Opcodes that push text or bytes.
    ///
    /// - Returns: whether it was one.
    mutating func text(_ opcode: PickleOpcode) throws(PickleProblem) -> Bool {
        switch opcode {
        case .binUnicode: try push(.text(try reader.text(try reader.count(4))))
        case .shortBinUnicode: try push(.text(try reader.text(try reader.count(1))))
        case .binUnicode8: try push(.text(try reader.text(try reader.count(8))))
        case .binBytes: try push(.bytes(try reader.take(try reader.count(4))))
        case .shortBinBytes: try push(.bytes(try reader.take(try reader.count(1))))
        case .binBytes8, .byteArray8: try push(.bytes(try reader.take(try reader.count(8))))
        case .binString: try push(Self.oldString(try reader.take(try reader.signed32())))
        case .shortBinString: try push(Self.oldString(try reader.take(try reader.count(1))))
        case .string: try push(try quotedLine())
        case .unicode:
            let start = offset
            guard let text = Self.unescape(try reader.line(), isUnicode: true) else { throw .badText(at: start) }
            try push(.text(String(decoding: text, as: UTF8.self)))
        default: return false
        }
        return true
    }

    /// Python 2's strings are bytes: text where they can be, which names are.
    private static func oldString(_ bytes: [UInt8]) -> PickleGraph.Value {
        String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes(bytes)
    }

    /// A string as Python prints it, in quotation marks.
    private mutating func quotedLine() throws(PickleProblem) -> PickleGraph.Value {
        let start = offset
        let line = try reader.line()
        guard line.count >= 2, let quote = line.first, quote == 0x22 || quote == 0x27, line.last == quote,
            let bytes = Self.unescape(Array(line.dropFirst().dropLast()), isUnicode: false)
        else { throw .badText(at: start) }
        return Self.oldString(bytes)
    }

    /// Resolves Python's escapes.
    ///
    /// - Parameter isUnicode: the bytes are Latin-1, `\u` alone is an escape, and the result is UTF-8.
    static func unescape(_ bytes: [UInt8], isUnicode: Bool) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = bytes[...]
        func scalar(_ digits: Int) -> UInt32? {
            guard rest.count >= digits else { return nil }
            return UInt32(String(decoding: rest.prefix(digits), as: UTF8.self), radix: 16)
        }
        while let byte = rest.popFirst() {
            guard byte == 0x5C, let letter = rest.first else {
                if isUnicode { result += String(Unicode.Scalar(byte)).utf8 } else { result.append(byte) }
                continue
            }
            switch (letter, isUnicode) {
            case (UInt8(ascii: "u"), true), (UInt8(ascii: "U"), true):
                let digits = letter == UInt8(ascii: "u") ? 4 : 8
                rest.removeFirst()
                guard let code = scalar(digits) else { return nil }
                rest.removeFirst(digits)
                result += String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8
            case (UInt8(ascii: "x"), false):
                rest.removeFirst()
                guard let code = scalar(2) else { return nil }
                rest.removeFirst(2)
                result.append(UInt8(truncatingIfNeeded: code))
            case (_, true): result.append(byte)
            case (_, false):
                rest.removeFirst()
                let plain: [UInt8: UInt8] = [UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13]
                result.append(plain[letter] ?? letter)
            }
        }
        return result
    }
}

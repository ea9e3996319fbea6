/// Where one character or control sequence ends and the next begins (ECMA-48, with what consoles add to it).
enum InputGrammar {
    /// The length of the first item, in bytes; nil when it is not complete yet.
    static func length(of bytes: ArraySlice<UInt8>, isUTF8: Bool) -> Int? {
        guard let first = bytes.first else { return nil }
        if first == 0x1B { return escapeLength(bytes) }
        return isUTF8 ? utf8Length(bytes, first) : 1
    }

    private static func utf8Length(_ bytes: ArraySlice<UInt8>, _ first: UInt8) -> Int? {
        let length =
            switch first {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        let tail = bytes.dropFirst().prefix(length - 1)
        // A broken character ends where the next good byte begins.
        if let bad = tail.firstIndex(where: { $0 & 0xC0 != 0x80 }) { return bad - bytes.startIndex }
        return tail.count == length - 1 ? length : nil
    }

    private static func escapeLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        let body = bytes.dropFirst(2)
        switch bytes.dropFirst().first {
        case nil: return nil
        // Escape twice: the first is a key of its own.
        case 0x1B: return 1
        case UInt8(ascii: "["): return controlSequenceLength(body).map { $0 + 2 }
        case UInt8(ascii: "O"): return singleShiftLength(body).map { $0 + 2 }
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
            return controlStringLength(body).map { $0 + 2 }
        case let second?: return utf8Length(bytes.dropFirst(), second).map { $0 + 1 }
        }
    }

    /// Parameters and intermediates (0x20–0x3F), then one final byte (0x40–0x7E).
    private static func controlSequenceLength(_ body: ArraySlice<UInt8>) -> Int? {
        guard let end = body.firstIndex(where: { !(0x20...0x3F).contains($0) }) else { return nil }
        let length = end - body.startIndex + 1
        switch body[end] {
        // Cut off by a control character: what comes is its own item.
        case 0...0x1F, 0x7F...: return length - 1
        // The Linux console's function keys: a second bracket and a letter.
        case UInt8(ascii: "[") where length == 1: return body.count > 1 ? 2 : nil
        // The mouse of old: three bytes of any value.
        case UInt8(ascii: "M") where length == 1: return body.count > 3 ? 4 : nil
        default: return length
        }
    }

    private static func singleShiftLength(_ body: ArraySlice<UInt8>) -> Int? {
        guard let end = body.firstIndex(where: { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        let length = end - body.startIndex + 1
        return body[end] < 0x20 ? length - 1 : length
    }

    /// Up to BEL or ESC \.
    private static func controlStringLength(_ body: ArraySlice<UInt8>) -> Int? {
        var previous: UInt8 = 0
        for (index, byte) in zip(body.indices, body) {
            if byte == 0x07 || (previous == 0x1B && byte == UInt8(ascii: "\\")) {
                return index - body.startIndex + 1
            }
            previous = byte
        }
        return nil
    }
}

/// A report of the mouse, in the form of mode 1006 (`<b;x;yM`, `m` for a release) or in that of old (`M` and three
/// bytes).
struct MouseReport {
    /// 0 left, 1 middle, 2 right, 3 none; for the wheel 0 up, 1 down, 2 and 3 sideways.
    let button: Int
    let isWheel: Bool
    let isMotion: Bool
    let isRelease: Bool
    let column: Int
    let row: Int

    /// - Parameter body: what follows `ESC [`.
    init?(_ body: ArraySlice<UInt8>) {
        let code: Int
        if body.first == UInt8(ascii: "<"), let last = body.last {
            let fields = body.dropFirst().dropLast().split(
                separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            let numbers = fields.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
            guard numbers.count == 3, numbers.allSatisfy({ (0...65_535).contains($0) }) else { return nil }
            guard last == UInt8(ascii: "M") || last == UInt8(ascii: "m") else { return nil }
            (code, column, row) = (numbers[0], numbers[1] - 1, numbers[2] - 1)
            isRelease = last == UInt8(ascii: "m")
        } else {
            let numbers = body.dropFirst().map { Int($0) - 32 }
            guard numbers.count == 3 else { return nil }
            (code, column, row) = (numbers[0], numbers[1] - 1, numbers[2] - 1)
            isRelease = code & 0b110_0011 == 3
        }
        guard column >= 0, row >= 0 else { return nil }
        button = code & 3
        isMotion = code & 32 != 0
        isWheel = code & 64 != 0
    }
}

extension JSONValue {
    /// Reads a document as RFC 8259 has it, and refuses names that occur twice.
    ///
    /// - Throws: ``JSONError``, before memory or stack beyond the limits is used.
    public init(parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let bytes = Array(bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var parser = JSONParser(bytes: bytes, limits: limits)
        self = try parser.document()
    }

    /// Reads a document from text.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }
}

/// Recursive descent over bytes that are known to be UTF-8.
private struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var place = 0
    private var depth = 0
    private var values = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard place == bytes.count else { throw .trailing(at: place) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        values += 1
        guard values <= limits.values else { throw .tooManyValues(limit: limits.values) }
        skipSpace()
        guard let byte = next else { throw .endsEarly }
        switch byte {
        case UInt8(ascii: "{"): return .object(try nested { parser throws(JSONError) in try parser.object() })
        case UInt8(ascii: "["): return .array(try nested { parser throws(JSONError) in try parser.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected("a value")
        }
    }

    private mutating func nested<Result>(
        _ read: (inout JSONParser) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth) }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        var object = JSONObject()
        place += 1
        if takes("}") { return object }
        repeat {
            skipSpace()
            let start = place
            guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
            let name = try string()
            guard takes(":") else { throw unexpected("a colon") }
            guard object.insert(try value(), named: name) else { throw .duplicateName(at: start) }
        } while takes(",")
        guard takes("}") else { throw unexpected("a comma or a closing brace") }
        return object
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        var array: [JSONValue] = []
        place += 1
        if takes("]") { return array }
        repeat {
            array.append(try value())
        } while takes(",")
        guard takes("]") else { throw unexpected("a comma or a closing bracket") }
        return array
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard next == word.utf8Start[index] else { throw unexpected("“\(word)”") }
            place += 1
        }
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = place
        if next == UInt8(ascii: "-") { place += 1 }
        if next == UInt8(ascii: "0") { place += 1 } else { try digits() }
        var isWhole = true
        if next == UInt8(ascii: ".") {
            isWhole = false
            place += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw .numberTooLarge(at: start) }
        return .number(number)
    }

    private mutating func digits() throws(JSONError) {
        guard let first = next, isDigit(first) else { throw unexpected("a digit") }
        while let byte = next, isDigit(byte) { place += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        place += 1
        var text: [UInt8] = []
        while true {
            guard let byte = next else { throw .endsEarly }
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw unexpected("a character of a string")
            default:
                text.append(byte)
                place += 1
            }
        }
    }

    private mutating func escape() throws(JSONError) -> Character {
        let start = place
        place += 1
        guard let byte = next else { throw .endsEarly }
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try scalar(from: start))
        default: throw .badEscape(at: start)
        }
    }

    /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
    private mutating func scalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
        var code = try hexadecimal(from: start)
        if (0xD800..<0xDC00).contains(code) {
            guard next == UInt8(ascii: "\\") else { throw .badEscape(at: start) }
            place += 1
            guard next == UInt8(ascii: "u") else { throw .badEscape(at: start) }
            place += 1
            let low = try hexadecimal(from: start)
            guard (0xDC00..<0xE000).contains(low) else { throw .badEscape(at: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw .badEscape(at: start) }
        return scalar
    }

    private mutating func hexadecimal(from start: Int) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw .endsEarly }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .badEscape(at: start) }
            code = code << 4 | UInt32(digit)
            place += 1
        }
        return code
    }

    // MARK: Bytes

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func takes(_ mark: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }

    private func unexpected(_ expected: String) -> JSONError {
        guard let byte = next else { return .endsEarly }
        let isPrintable = (0x21..<0x7F).contains(byte)
        let found = isPrintable ? "“\(Unicode.Scalar(byte))”" : "0x\(String(byte, radix: 16))"
        return .unexpected(found: found, expected: expected, at: place)
    }
}

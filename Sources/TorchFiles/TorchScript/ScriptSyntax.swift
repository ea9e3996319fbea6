import Neural

/// TorchScript's code as a tree: the part of Python that its printer writes for chains of calls.
indirect enum ScriptExpression: Sendable {
    case name(String)
    case constant(Setting)
    case list([ScriptExpression])
    case tuple([ScriptExpression])
    case attribute(ScriptExpression, String)
    case call(ScriptExpression, [ScriptExpression], keywords: [String: ScriptExpression])
    case element(ScriptExpression, ScriptExpression)
}

struct ScriptStatement: Sendable {
    let action: ScriptAction
    /// Where it stands, for errors: `line 12 of models/vae.py`.
    let place: String
}

indirect enum ScriptAction: Sendable {
    case assign([String], ScriptExpression)
    case evaluate(ScriptExpression)
    case give(ScriptExpression)
    case choose(ScriptExpression, [ScriptStatement], otherwise: [ScriptStatement])
    /// A variable that counts from 0.
    case count(String, upTo: ScriptExpression, [ScriptStatement])
    case nothing
    /// A loop, or whatever else is no plain chain: named if it is met.
    case unsupported(String)
}

/// A function, or a method whose first parameter is `self`.
struct ScriptFunction: Sendable {
    let parameters: [(name: String, preset: ScriptExpression?)]
    let body: [ScriptStatement]
}

/// Reads one expression; what is not understood is nil.
struct ScriptExpressionParser {
    private static let deepest = 100
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    static func parse(_ text: some StringProtocol) -> ScriptExpression? {
        var parser = ScriptExpressionParser(bytes: Array(text.utf8))
        guard let expression = parser.sequence() else { return nil }
        parser.skip()
        return parser.place == parser.bytes.count ? expression : nil
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skip() { while next == 0x20 { place += 1 } }

    private mutating func take(_ character: Character) -> Bool {
        skip()
        guard next == character.asciiValue else { return false }
        place += 1
        return true
    }

    /// One expression, or a tuple without parentheses.
    private mutating func sequence() -> ScriptExpression? {
        guard let first = expression() else { return nil }
        guard take(",") else { return first }
        var elements = [first]
        while let element = expression() {
            elements.append(element)
            guard take(",") else { break }
        }
        return .tuple(elements)
    }

    private mutating func expression() -> ScriptExpression? {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest, var result = primary() else { return nil }
        // What follows is around what was before, as deep as brackets are.
        for _ in 0..<Self.deepest {
            if take(".") {
                guard let name = word() else { return nil }
                result = .attribute(result, name)
            } else if take("(") {
                guard let call = arguments(of: result) else { return nil }
                result = call
            } else if take("[") {
                guard let index = sequence(), take("]") else { return nil }
                result = .element(result, index)
            } else {
                return result
            }
        }
        return nil
    }

    private mutating func primary() -> ScriptExpression? {
        skip()
        guard let byte = next else { return nil }
        switch byte {
        case UInt8(ascii: "("):
            place += 1
            guard let elements = elements(until: ")") else { return nil }
            let isPlain = elements.list.count == 1 && !elements.endsWithComma
            return isPlain ? elements.list[0] : .tuple(elements.list)
        case UInt8(ascii: "["):
            place += 1
            return elements(until: "]").map { .list($0.list) }
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard let end = bytes[(place + 1)...].firstIndex(of: byte) else { return nil }
            defer { place = end + 1 }
            return .constant(.text(String(decoding: bytes[place + 1..<end], as: UTF8.self)))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        default:
            guard let name = word() else { return nil }
            return PythonLiteral.setting(name).map { .constant($0) } ?? .name(name)
        }
    }

    private mutating func elements(until end: Character) -> (list: [ScriptExpression], endsWithComma: Bool)? {
        var (list, endsWithComma) = ([ScriptExpression](), false)
        while !take(end) {
            guard list.isEmpty || endsWithComma, let element = expression() else { return nil }
            list.append(element)
            endsWithComma = take(",")
        }
        return (list, endsWithComma)
    }

    private mutating func arguments(of callee: ScriptExpression) -> ScriptExpression? {
        var (list, keywords): ([ScriptExpression], [String: ScriptExpression]) = ([], [:])
        var isFirst = true
        while !take(")") {
            if !isFirst, !take(",") { return nil }
            isFirst = false
            if take(")") { break }
            guard let argument = expression() else { return nil }
            if case .name(let name) = argument, take("=") {
                guard let value = expression() else { return nil }
                keywords[name] = value
            } else {
                list.append(argument)
            }
        }
        return .call(callee, list, keywords: keywords)
    }

    private mutating func number() -> ScriptExpression? {
        let start = place
        place += 1
        while let byte = next {
            let isExponentSign =
                (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")) && bytes[place - 1] | 0x20 == 0x65
            guard isExponentSign || byte == UInt8(ascii: ".") || Self.isWord(byte) else { break }
            place += 1
        }
        return PythonLiteral.setting(String(decoding: bytes[start..<place], as: UTF8.self)).map { .constant($0) }
    }

    private mutating func word() -> String? {
        skip()
        let start = place
        while let byte = next, Self.isWord(byte) { place += 1 }
        return place > start ? String(decoding: bytes[start..<place], as: UTF8.self) : nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte)
    }
}

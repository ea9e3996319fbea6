/// What stands at the beginning of a file of NumPy's: type, order and shape of the numbers that follow.
///
/// Six bytes of magic, the version, the header's length, a Python dictionary that ends in a line feed
/// (numpy.lib.format, versions 1 to 3).
public struct NPYHeader: Hashable, Sendable {
    /// The numbers' type: `<f4`, `|u1`.
    public var descriptor: String
    /// Whether the first index runs fastest.
    public var isFortranOrder: Bool
    public var shape: [Int]

    /// As many bytes as tell the header's length.
    public static let preambleLength = 12
    /// The longest header that is read.
    private static let longest = 1 << 16

    public init(descriptor: String, isFortranOrder: Bool = false, shape: [Int]) {
        self.descriptor = descriptor
        self.isFortranOrder = isFortranOrder
        self.shape = shape
    }

    /// Where the dictionary begins and how long it is, by the file's first ``preambleLength`` bytes.
    ///
    /// - Throws: ``NPYProblem``
    public static func dictionary(preamble: [UInt8]) throws(NPYProblem) -> (start: Int, length: Int) {
        guard preamble.count >= preambleLength, preamble.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw .notNPY
        }
        let (start, length): (Int, Int)
        switch preamble[6] {
        case 1: (start, length) = (10, Int(preamble[8]) | Int(preamble[9]) << 8)
        case 2, 3: (start, length) = (12, (0..<4).reduce(0) { $0 | Int(preamble[8 + $1]) << (8 * $1) })
        default: throw .version(Int(preamble[6]))
        }
        guard length <= longest else { throw .header }
        return (start, length)
    }

    /// Reads the dictionary.
    ///
    /// - Throws: ``NPYProblem``
    public init(dictionary: [UInt8]) throws(NPYProblem) {
        var parser = PythonLiteral(rest: dictionary[...])
        guard let entries = parser.dictionary(), case .truth(let isFortranOrder)? = entries["fortran_order"],
            case .tuple(let shape)? = entries["shape"]
        else { throw .header }
        guard case .text(let descriptor)? = entries["descr"] else { throw .structured }
        self.init(descriptor: descriptor, isFortranOrder: isFortranOrder, shape: shape)
    }

    /// Format version 1.0; the dictionary is filled with spaces so that the numbers begin at a multiple of 64.
    public var bytes: [UInt8] {
        let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let order = isFortranOrder ? "True" : "False"
        let text = "{'descr': '\(descriptor)', 'fortran_order': \(order), 'shape': (\(extents)), }"
        let preamble = 10
        let length = (preamble + text.utf8.count + 1 + 63) / 64 * 64 - preamble
        let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
        return head + Array(text.utf8) + Array(repeating: 0x20, count: length - text.utf8.count - 1) + [0x0A]
    }
}

extension NPYHeader {
    /// A whole file of float32, little-endian, the last index fastest.
    ///
    /// - Precondition: the numbers fill the shape.
    public static func file(of numbers: [Float], shape: [Int]) -> [UInt8] {
        precondition(numbers.count == shape.reduce(1, *), "the numbers fill the shape")
        var bytes = NPYHeader(descriptor: "<f4", shape: shape).bytes
        bytes.reserveCapacity(bytes.count + 4 * numbers.count)
        for number in numbers {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

/// What is wrong with the beginning of a file of NumPy's; reads as the rest of a sentence that begins with its name.
public enum NPYProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case notNPY
    case version(Int)
    case header
    /// Records of several fields, or Python objects.
    case structured

    public var description: String {
        switch self {
        case .notNPY: "is no NPY file: it should begin as numpy.save writes it"
        case .version(let version): "is an NPY file of version \(version): only 1, 2 and 3 are known"
        case .header: "has a header that is not NumPy's: it is damaged, or no NPY file"
        case .structured: "holds records or objects: save one array of numbers with numpy.save"
        }
    }
}

/// As much of Python's literals as stands in such a header; what it does not know is nil.
private struct PythonLiteral {
    enum Value {
        case text(String)
        case truth(Bool)
        case tuple([Int])
        case other
    }

    var rest: ArraySlice<UInt8>

    mutating func dictionary() -> [String: Value]? {
        guard take("{") else { return nil }
        var entries: [String: Value] = [:]
        while !take("}") {
            guard let key = text(), take(":"), let value = value(), entries[key] == nil, entries.count < 8 else {
                return nil
            }
            entries[key] = value
            if !take(",") {
                guard take("}") else { return nil }
                break
            }
        }
        skipSpace()
        return rest.isEmpty ? entries : nil
    }

    private mutating func value() -> Value? {
        skipSpace()
        if let text = text() { return .text(text) }
        if takeWord("True") { return .truth(true) }
        if takeWord("False") { return .truth(false) }
        if take("(") { return tuple().map(Value.tuple) }
        return skipList() ? .other : nil
    }

    private mutating func tuple() -> [Int]? {
        var numbers: [Int] = []
        while !take(")") {
            guard let number = number(), numbers.count < 32 else { return nil }
            numbers.append(number)
            if !take(",") { return take(")") ? numbers : nil }
        }
        return numbers
    }

    private mutating func number() -> Int? {
        skipSpace()
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        // Python 2 wrote `28L`.
        if rest.first == 0x4C { rest = rest.dropFirst() }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private mutating func text() -> String? {
        skipSpace()
        guard let quote = rest.first, quote == 0x22 || quote == 0x27,
            let end = rest.dropFirst().firstIndex(of: quote)
        else { return nil }
        let text = rest[rest.startIndex + 1..<end]
        rest = rest[(end + 1)...]
        return String(decoding: text, as: UTF8.self)
    }

    /// A list of fields: skipped, brackets within brackets.
    private mutating func skipList() -> Bool {
        var depth = 0
        while let byte = rest.popFirst() {
            if byte == 0x5B { depth += 1 }
            if byte == 0x5D { depth -= 1 }
            if depth == 0 { return byte == 0x5D }
        }
        return false
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard rest.first == character.asciiValue else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard rest.starts(with: word.utf8) else { return false }
        rest = rest.dropFirst(word.utf8.count)
        return true
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x0A }
    }
}

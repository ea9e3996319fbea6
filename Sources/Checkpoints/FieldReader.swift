import JSON
import Neural

/// Takes the members of a JSON object one by one; what is left at the end is unknown, and refused.
struct FieldReader {
    /// For sentences: `layer decoder.3 (Conv2d)`.
    private let what: String
    private let object: JSONObject
    private var taken: Set<String> = []

    init(_ object: JSONObject, what: String) {
        self.object = object
        self.what = what
    }

    /// A member that must be there.
    mutating func required(_ key: String) throws(ArchitectureProblem) -> JSONValue {
        guard let value = optional(key) else { throw .missingKey(key, what: what) }
        return value
    }

    mutating func optional(_ key: String) -> JSONValue? {
        taken.insert(key)
        return object[key]
    }

    func finish() throws(ArchitectureProblem) {
        for member in object.members where !taken.contains(member.name) {
            throw .unknownKey(member.name, what: what)
        }
    }

    /// A count or a size: from 0 to what a shape may have, so that no arithmetic on a few of them overflows.
    mutating func integer(_ key: String, default standard: Int? = nil) throws(ArchitectureProblem) -> Int {
        guard let value = try value(key, standard.map(JSONValue.integer)).wholeNumber else {
            throw wrong(key, "a whole number from 0 to \(Shape.largestCount)")
        }
        return value
    }

    mutating func integers(_ key: String) throws(ArchitectureProblem) -> [Int] {
        let list = try required(key).array
        guard let list, list.count == list.compactMap(\.wholeNumber).count else {
            throw wrong(key, "a list of whole numbers from 0 to \(Shape.largestCount)")
        }
        return list.compactMap(\.wholeNumber)
    }

    /// A height and a width: one number for both, or a list of the two.
    mutating func extent(_ key: String, default standard: Extent? = nil) throws(ArchitectureProblem) -> Extent {
        let fallback = standard.map { JSONValue.array([.integer($0.height), .integer($0.width)]) }
        let value = try value(key, fallback)
        if let both = value.wholeNumber { return Extent(both) }
        if let list = value.array, list.count == 2, let height = list[0].wholeNumber, let width = list[1].wholeNumber {
            return Extent(height, width)
        }
        throw wrong(key, "a whole number from 0 to \(Shape.largestCount), or a list of two (height, width)")
    }

    mutating func boolean(_ key: String, default standard: Bool) throws(ArchitectureProblem) -> Bool {
        guard let value = try value(key, .boolean(standard)).boolean else { throw wrong(key, "true or false") }
        return value
    }

    mutating func float(_ key: String, default standard: Float) throws(ArchitectureProblem) -> Float {
        guard let value = try value(key, .float(standard)).number.map({ Float($0) }), value.isFinite else {
            throw wrong(key, "a number")
        }
        return value
    }

    /// A keyword of PyTorch of which only some values, the first its default, mean what our layers do.
    mutating func expect(_ key: String, _ supported: JSONValue...) throws(ArchitectureProblem) {
        guard let value = optional(key), !supported.contains(value) else { return }
        throw .unsupported(
            key: key, value: value.compactText, what: what, supported: supported[0].compactText)
    }

    private mutating func value(_ key: String, _ standard: JSONValue?) throws(ArchitectureProblem) -> JSONValue {
        if let standard { optional(key) ?? standard } else { try required(key) }
    }

    func wrong(_ key: String, _ expected: String) -> ArchitectureProblem {
        .wrongType(key: key, what: what, expected: expected, found: object[key]?.compactText ?? "missing")
    }
}

extension JSONValue {
    /// A whole number that a shape may have, also if written `2.0`, as Python's scale factors are.
    fileprivate var wholeNumber: Int? {
        guard let number, (0...Double(Shape.largestCount)).contains(number) else { return nil }
        return Int(exactly: number)
    }
}

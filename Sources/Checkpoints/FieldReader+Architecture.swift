import JSON
import Neural

/// Takes the members of `the architecture` or of a layer: `layer decoder.3 (Conv2d)`.
typealias FieldReader = JSON.FieldReader<ArchitectureProblem>

extension ArchitectureProblem: FieldError {
    public static func missing(_ name: String, in place: String) -> ArchitectureProblem {
        .missingKey(name, what: place)
    }

    public static func unknown(_ name: String, in place: String) -> ArchitectureProblem {
        .unknownKey(name, what: place)
    }

    public static func wrong(
        _ name: String, in place: String, expected: String, found: String
    ) -> ArchitectureProblem {
        .wrongType(key: name, what: place, expected: expected, found: found)
    }
}

extension FieldReader {
    /// PyTorch's null is a value among others.
    init(_ object: JSONObject, what: String) { self.init(object, in: what, nullIsMissing: false) }

    /// A count or a size: from 0 to what a shape may have, so that no arithmetic on a few of them overflows.
    mutating func integer(_ key: String, default standard: Int? = nil) throws(ArchitectureProblem) -> Int {
        try value(key, standard, "a whole number from 0 to \(Shape.largestCount)") { $0.wholeNumber }
    }

    mutating func integers(_ key: String) throws(ArchitectureProblem) -> [Int] {
        try value(key, nil, "a list of whole numbers from 0 to \(Shape.largestCount)") { value in
            let numbers = value.array?.compactMap(\.wholeNumber)
            return numbers?.count == value.array?.count ? numbers : nil
        }
    }

    /// A height and a width: one number for both, or a list of the two.
    mutating func extent(_ key: String, default standard: Extent? = nil) throws(ArchitectureProblem) -> Extent {
        let expected = "a whole number from 0 to \(Shape.largestCount), or a list of two (height, width)"
        return try value(key, standard, expected) { value in
            if let both = value.wholeNumber { return Extent(both) }
            guard let list = value.array, list.count == 2, let height = list[0].wholeNumber,
                let width = list[1].wholeNumber
            else { return nil }
            return Extent(height, width)
        }
    }

    mutating func boolean(_ key: String, default standard: Bool) throws(ArchitectureProblem) -> Bool {
        try value(key, standard, "true or false") { $0.boolean }
    }

    mutating func float(_ key: String, default standard: Float) throws(ArchitectureProblem) -> Float {
        try value(key, standard, "a number") { value in
            value.number.map { Float($0) }.flatMap { $0.isFinite ? $0 : nil }
        }
    }

    /// A keyword of PyTorch of which only some values, the first its default, mean what our layers do.
    mutating func expect(_ key: String, _ supported: JSONValue...) throws(ArchitectureProblem) {
        guard let value = optional(key), !supported.contains(value) else { return }
        throw .unsupported(
            key: key, value: value.compactText, what: place, supported: supported[0].compactText)
    }

    /// - Parameter standard: what it is where it isn't there; nil where it must be.
    private mutating func value<Result>(
        _ key: String, _ standard: Result?, _ expected: String, _ body: (JSONValue) -> Result?
    ) throws(ArchitectureProblem) -> Result {
        if let found = try convert(key, expected, body) { return found }
        guard let standard else { throw missing(key) }
        return standard
    }
}

extension JSONValue {
    /// A whole number that a shape may have, also if written `2.0`, as Python's scale factors are.
    fileprivate var wholeNumber: Int? {
        guard let number, (0...Double(Shape.largestCount)).contains(number) else { return nil }
        return Int(exactly: number)
    }
}

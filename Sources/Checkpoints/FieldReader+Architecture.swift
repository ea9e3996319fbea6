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
    mutating func integer(_ key: String) throws(ArchitectureProblem) -> Int {
        try value(key, "a whole number from 0 to \(Shape.largestCount)") { $0.wholeNumber }
    }

    mutating func integers(_ key: String) throws(ArchitectureProblem) -> [Int] {
        try value(key, "a list of whole numbers from 0 to \(Shape.largestCount)") { value in
            let numbers = value.array?.compactMap(\.wholeNumber)
            return numbers?.count == value.array?.count ? numbers : nil
        }
    }

    /// A member that must be there, as something else than JSON.
    private mutating func value<Result>(
        _ key: String, _ expected: String, _ body: (JSONValue) -> Result?
    ) throws(ArchitectureProblem) -> Result {
        guard let found = try convert(key, expected, body) else { throw missing(key) }
        return found
    }
}

extension Shape {
    /// A shape of extents that a file names.
    ///
    /// - Throws: ``ArchitectureProblem/inconsistent(_:)`` where they are none.
    static func read(_ extents: [Int]) throws(ArchitectureProblem) -> Shape {
        do {
            return try Shape(extents)
        } catch {
            throw .inconsistent(error)
        }
    }
}

extension JSONValue {
    /// A whole number that a shape may have, also if written `2.0`, as Python's scale factors are.
    fileprivate var wholeNumber: Int? {
        guard let number, (0...Double(Shape.largestCount)).contains(number) else { return nil }
        return Int(exactly: number)
    }
}

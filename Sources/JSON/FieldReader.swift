/// What may be wrong with a member of an object, as an error of the object's reader.
///
/// Each is told the member's name and the reader's ``FieldReader/place``.
public protocol FieldError: Error {
    static func missing(_ name: String, in place: String) -> Self
    static func unknown(_ name: String, in place: String) -> Self
    /// - Parameters:
    ///   - expected: what it must be, as part of a sentence: `a whole number`.
    ///   - found: what it is, as JSON.
    static func wrong(_ name: String, in place: String, expected: String, found: String) -> Self
}

/// Takes the members of a JSON object one by one, by name; what is left at the end is unknown, and refused.
public struct FieldReader<Problem: FieldError> {
    /// What the errors call the object; the reader itself makes nothing of it.
    public let place: String
    private let object: JSONObject
    private let nullIsMissing: Bool
    private var taken: Set<String> = []

    /// - Parameters:
    ///   - place: for the errors.
    ///   - nullIsMissing: whether a member that is null is as good as none.
    public init(_ object: JSONObject, in place: String, nullIsMissing: Bool) {
        self.object = object
        self.place = place
        self.nullIsMissing = nullIsMissing
    }

    /// A member that need not be there.
    public mutating func optional(_ name: String) -> JSONValue? {
        taken.insert(name)
        let value = object[name]
        return nullIsMissing && value == .null ? nil : value
    }

    /// A member that must be there.
    public mutating func required(_ name: String) throws(Problem) -> JSONValue {
        guard let value = optional(name) else { throw missing(name) }
        return value
    }

    /// A member that need not be there, as something else than JSON.
    ///
    /// - Parameters:
    ///   - expected: what it must be, for the sentence.
    ///   - body: gives nil for what it cannot be.
    public mutating func convert<Result>(
        _ name: String, _ expected: String, _ body: (JSONValue) -> Result?
    ) throws(Problem) -> Result? {
        guard let value = optional(name) else { return nil }
        guard let result = body(value) else { throw wrong(name, expected) }
        return result
    }

    /// Refuses members of any other name: a misspelt one is named before the one that it should have been is missed.
    public func check(names: some Collection<String>) throws(Problem) {
        for member in object.members where !names.contains(member.name) {
            throw .unknown(member.name, in: place)
        }
    }

    /// Refuses members that nobody asked for.
    public func finish() throws(Problem) { try check(names: taken) }

    /// The error for a member that is not there.
    public func missing(_ name: String) -> Problem { .missing(name, in: place) }

    /// The error for a member that is not what it must be.
    public func wrong(_ name: String, _ expected: String) -> Problem {
        .wrong(name, in: place, expected: expected, found: object[name]?.compactText ?? "missing")
    }
}

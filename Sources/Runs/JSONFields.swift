import JSON

/// Takes the members of a JSON object one by one, by name, and says what is wrong by that name.
struct JSONFields {
    private let object: JSONObject
    /// Before each name: `settings.`
    private let prefix: String
    private var taken: Set<String> = []

    init(_ value: JSONValue, prefix: String = "") throws(FieldProblem) {
        guard let object = value.object else {
            throw .wrong(
                prefix.isEmpty ? "the document" : String(prefix.dropLast()), expected: "an object", found: value.kind)
        }
        self.object = object
        self.prefix = prefix
    }

    /// A member; nil if it isn't there or null.
    mutating func optional(_ name: String) -> JSONValue? {
        taken.insert(name)
        let value = object[name]
        return value == .null ? nil : value
    }

    mutating func required(_ name: String) throws(FieldProblem) -> JSONValue {
        guard let value = optional(name) else { throw .missing(prefix + name) }
        return value
    }

    /// The members of a member that must be an object.
    mutating func fields(_ name: String) throws(FieldProblem) -> JSONFields {
        try JSONFields(required(name), prefix: "\(prefix)\(name).")
    }

    mutating func text(_ name: String) throws(FieldProblem) -> String? {
        try convert(name, "a text") { $0.string }
    }

    mutating func integer(_ name: String) throws(FieldProblem) -> Int? {
        try convert(name, "a whole number") { value in
            value.integer ?? value.number.flatMap { Int(exactly: $0) }
        }
    }

    mutating func number(_ name: String) throws(FieldProblem) -> Double? {
        try convert(name, "a number") { $0.number }
    }

    mutating func numbers(_ name: String) throws(FieldProblem) -> [Double]? {
        try convert(name, "a list of numbers") { value in
            value.array.flatMap { list in
                let numbers = list.compactMap(\.number)
                return numbers.count == list.count ? numbers : nil
            }
        }
    }

    /// A whole number of 64 bits, as a number or, where it doesn't fit one, as a text.
    mutating func unsigned(_ name: String) throws(FieldProblem) -> UInt64? {
        try convert(name, "a whole number from 0 to \(UInt64.max)") { value in
            value.integer.flatMap { UInt64(exactly: $0) } ?? value.string.flatMap { UInt64($0) }
        }
    }

    /// - Parameter expected: what it must be, for the sentence.
    mutating func convert<Result>(
        _ name: String, _ expected: String, _ body: (JSONValue) -> Result?
    ) throws(FieldProblem) -> Result? {
        guard let value = optional(name) else { return nil }
        guard let result = body(value) else { throw wrong(name, expected) }
        return result
    }

    func wrong(_ name: String, _ expected: String) -> FieldProblem {
        .wrong(prefix + name, expected: expected, found: object[name]?.compactText ?? "missing")
    }

    func missing(_ name: String) -> FieldProblem { .missing(prefix + name) }

    /// Names a member that is misspelt, before what it should have been is missed.
    ///
    /// - Throws: ``FieldProblem/unknown(_:)`` for a member of any other name.
    func check(names: some Collection<String>) throws(FieldProblem) {
        for member in object.members where !names.contains(member.name) { throw .unknown(prefix + member.name) }
    }

    /// - Throws: ``FieldProblem/unknown(_:)`` for a member that nobody asked for.
    func finish() throws(FieldProblem) {
        for member in object.members where !taken.contains(member.name) { throw .unknown(prefix + member.name) }
    }
}

extension JSONValue {
    static func unsigned(_ number: UInt64) -> JSONValue {
        Int(exactly: number).map(JSONValue.integer) ?? .string("\(number)")
    }

    /// The number, or null.
    static func optional(_ number: Double?) -> JSONValue { number.map(JSONValue.number) ?? .null }
}

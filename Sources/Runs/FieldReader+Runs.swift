import JSON

/// Takes the members of an object of a run's files; its place is what stands before each name: `settings.`
typealias FieldReader = JSON.FieldReader<FieldProblem>

extension FieldProblem: FieldError {
    public static func missing(_ name: String, in place: String) -> FieldProblem { .missing(place + name) }

    public static func unknown(_ name: String, in place: String) -> FieldProblem { .unknown(place + name) }

    public static func wrong(_ name: String, in place: String, expected: String, found: String) -> FieldProblem {
        .wrong(place + name, expected: expected, found: found)
    }
}

extension FieldReader {
    /// - Parameter prefix: of the names of the object's members; `settings.` for those of the member `settings`.
    init(_ value: JSONValue, prefix: String = "") throws(FieldProblem) {
        guard let object = value.object else {
            throw .wrong(
                prefix.isEmpty ? "the document" : String(prefix.dropLast()), expected: "an object", found: value.kind)
        }
        // What is off is written as null.
        self.init(object, in: prefix, nullIsMissing: true)
    }

    /// The members of a member that must be an object.
    mutating func fields(_ name: String) throws(FieldProblem) -> FieldReader {
        try FieldReader(required(name), prefix: "\(place)\(name).")
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
}

extension JSONValue {
    static func unsigned(_ number: UInt64) -> JSONValue {
        Int(exactly: number).map(JSONValue.integer) ?? .string("\(number)")
    }

    /// The number, or null.
    static func optional(_ number: Double?) -> JSONValue { number.map(JSONValue.number) ?? .null }
}

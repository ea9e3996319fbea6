/// A JSON document as a value: what was read, in the order in which it stood, or what is to be written.
///
/// Whole numbers keep apart from others, so that sizes and offsets never pass through a `Double`.
public enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// A number written without fraction and exponent that fits 64 bits.
    case integer(Int)
    /// Any other number; always finite.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object: names that occur once, in their order.
public struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: JSONValue
    }

    public private(set) var members: [Member] = []
    private var places: [String: Int] = [:]

    public init() {}

    /// - Precondition: no name occurs twice.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        for (name, value) in members { append(value, named: name) }
    }

    public subscript(name: String) -> JSONValue? { places[name].map { members[$0].value } }

    /// Appends a member to an object that is written.
    ///
    /// - Precondition: there is none of this name.
    public mutating func append(_ value: JSONValue, named name: String) {
        let isNew = insert(value, named: name)
        precondition(isNew, "a JSON object names each member once")
    }

    /// Appends a member of an object that is read.
    ///
    /// - Returns: Whether it was new; a second member of the same name is not taken.
    public mutating func insert(_ value: JSONValue, named name: String) -> Bool {
        guard places[name] == nil else { return false }
        places[name] = members.count
        members.append(Member(name: name, value: value))
        return true
    }
}

extension JSONValue {
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    public var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }
    public var string: String? { if case .string(let string) = self { string } else { nil } }
    public var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }
    public var boolean: Bool? { if case .boolean(let boolean) = self { boolean } else { nil } }

    /// Any number, whole or not.
    public var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// The number as people write it: 0.1 for the float nearest to 0.1; `null` if it isn't finite.
    public static func float(_ value: Float) -> JSONValue {
        guard value.isFinite else { return .null }
        return .number(Double(value.description) ?? Double(value))
    }

    /// What the value is, for sentences: `a string`.
    public var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// Why bytes are not a JSON document that we take. Each case prints one clause, with the place in bytes from the start.
public enum JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    case notUTF8
    case unexpected(found: String, expected: String, at: Int)
    case endsEarly
    case trailing(at: Int)
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    case numberTooLarge(at: Int)
    case badEscape(at: Int)
    case duplicateName(at: Int)

    public var description: String {
        switch self {
        case .notUTF8: "it is not UTF-8 text"
        case .unexpected(let found, let expected, let place): "byte \(place) is \(found) where \(expected) should be"
        case .endsEarly: "it ends in the middle of a value"
        case .trailing(let place): "something follows the end, at byte \(place)"
        case .tooDeep(let limit): "it is nested deeper than \(limit) levels"
        case .tooManyValues(let limit): "it has more than \(limit) values"
        case .numberTooLarge(let place): "the number at byte \(place) is too large"
        case .badEscape(let place): "the escape at byte \(place) stands for no character"
        case .duplicateName(let place): "the name at byte \(place) occurs twice in one object"
        }
    }
}

/// How much of a document is taken: bounds for memory and stack, checked before either is used.
public struct JSONLimits: Hashable, Sendable {
    /// Lists and objects within each other.
    public let depth: Int
    /// Values in all, members' names not counted.
    public let values: Int

    public init(depth: Int = 32, values: Int = 1_000_000) {
        self.depth = depth
        self.values = values
    }
}

/// The value of a layer's keyword, as a checkpoint's JSON writes it.
public enum Setting: Hashable, Sendable {
    case none
    case boolean(Bool)
    case integer(Int)
    case number(Float)
    case text(String)
    case integers([Int])
    case numbers([Float])

    /// The largest whole number that a keyword takes, so that no arithmetic on a few of them overflows.
    public static let largestInteger = Shape.largestCount
}

extension Setting: CustomStringConvertible {
    /// As PyTorch prints it: `True`, `3`, `(3, 2)`, `None`.
    public var description: String {
        switch self {
        case .none: "None"
        case .boolean(let value): value ? "True" : "False"
        case .integer(let value): "\(value)"
        case .number(let value): value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
        case .text(let text): "'\(text)'"
        case .integers(let list): "(" + list.map(String.init).joined(separator: ", ") + ")"
        case .numbers(let list):
            "(" + list.map { Setting.number($0).description }.joined(separator: ", ") + ")"
        }
    }
}

/// Why settings do not make a layer. Each case prints one sentence.
public enum SettingProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(String)
    case unknown(String)
    /// The keyword, and what it takes.
    case wrong(String, expected: String)
    /// The keyword, and the value that is supported.
    case unsupported(String, supported: Setting)

    public var description: String {
        switch self {
        case .missing(let key): "\(key) is missing"
        case .unknown(let key): "there is no setting \(key)"
        case .wrong(let key, let expected): "\(key) must be \(expected)"
        case .unsupported(let key, let supported): "only \(supported) is supported as \(key)"
        }
    }
}

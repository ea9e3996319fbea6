/// A keyword of a layer's constructor, said once: reading and writing files, what `inspect` prints and the table in the
/// documentation follow from it.
public struct Keyword<Owner>: Sendable {
    /// As PyTorch has it: `kernel_size`.
    public let name: String
    /// What it takes, for sentences: `true or false`.
    public let expected: String
    /// What it is where a file leaves it out; nil where it must be given.
    public let standard: Setting?
    /// The values that mean what our layers do, where others exist; empty where all are taken.
    public let supported: [Setting]
    /// Its value in a layer; nil for a keyword that is accepted but never written.
    let get: (@Sendable (Owner) -> Setting)?
    /// Puts a value into a layer; false where it is not of the kind.
    let set: @Sendable (inout Owner, Setting) -> Bool
    /// Whether files name it also where it has its default.
    var isWrittenAlways = true
}

extension Keyword {
    /// A keyword whose value lies in one place of a layer.
    ///
    /// - Parameters:
    ///   - write: the setting that says a value.
    ///   - read: the value that a setting says; nil for a setting of another kind.
    init<Value>(
        _ name: String, _ path: WritableKeyPath<Owner, Value> & Sendable, _ standard: Setting?, expected: String,
        write: @escaping @Sendable (Value) -> Setting, read: @escaping @Sendable (Setting) -> Value?
    ) {
        self.init(
            name: name, expected: expected, standard: standard, supported: [], get: { write($0[keyPath: path]) },
            set: { owner, setting in
                guard let value = read(setting) else { return false }
                owner[keyPath: path] = value
                return true
            })
    }

    /// The same for a value that may be missing, which is the default.
    init<Value>(
        _ name: String, _ path: WritableKeyPath<Owner, Value?> & Sendable, expected: String,
        write: @escaping @Sendable (Value) -> Setting, read: @escaping @Sendable (Setting) -> Value?
    ) {
        self.init(
            name, path, Setting.none, expected: expected, write: { $0.map(write) ?? .none },
            read: { setting in setting == .none ? .some(nil) : read(setting).map { .some($0) } })
    }

    /// A count or a size.
    static func integer(
        _ name: String, _ path: WritableKeyPath<Owner, Int> & Sendable, _ standard: Int? = nil
    ) -> Keyword {
        Keyword(
            name, path, standard.map(Setting.integer), expected: "a whole number from 0 to \(Setting.largestInteger)",
            write: { .integer($0) }, read: { $0.wholeNumber.flatMap { $0 >= 0 ? $0 : nil } })
    }

    /// A whole number that may count from the end: an axis.
    static func axis(_ name: String, _ path: WritableKeyPath<Owner, Int> & Sendable, _ standard: Int? = nil) -> Keyword
    {
        Keyword(
            name, path, standard.map(Setting.integer), expected: "a whole number", write: { .integer($0) },
            read: { $0.wholeNumber })
    }

    /// A whole number that may count from the end, or nothing; one that is too large stands for the end.
    static func optionalInteger(_ name: String, _ path: WritableKeyPath<Owner, Int?> & Sendable) -> Keyword {
        Keyword(
            name, path, expected: "a whole number, or null", write: { .integer($0) },
            read: { setting in
                guard case .integer(let value) = setting else { return setting.wholeNumber }
                return min(Setting.largestInteger, max(-Setting.largestInteger, value))
            })
    }

    /// A height and a width: one number for both, or a list of the two.
    static func extent(
        _ name: String, _ path: WritableKeyPath<Owner, Extent> & Sendable, _ standard: Int? = nil
    ) -> Keyword {
        Keyword(
            name, path, standard.map(Setting.integer), expected: Extent.expected, write: { Setting($0) },
            read: { Extent($0) })
    }

    /// A height and a width, or nothing.
    static func extent(_ name: String, _ path: WritableKeyPath<Owner, Extent?> & Sendable) -> Keyword {
        Keyword(name, path, expected: Extent.expected, write: { Setting($0) }, read: { Extent($0) })
    }

    static func flag(_ name: String, _ path: WritableKeyPath<Owner, Bool> & Sendable, _ standard: Bool) -> Keyword {
        Keyword(
            name, path, .boolean(standard), expected: "true or false", write: { .boolean($0) }, read: { $0.boolean })
    }

    static func number(
        _ name: String, _ path: WritableKeyPath<Owner, Float> & Sendable, _ standard: Float? = nil
    ) -> Keyword {
        Keyword(
            name, path, standard.map(Setting.number), expected: "a number", write: { .number($0) }, read: { $0.float })
    }

    /// A number, or nothing.
    static func number(_ name: String, _ path: WritableKeyPath<Owner, Float?> & Sendable) -> Keyword {
        Keyword(name, path, expected: "a number, or null", write: { .number($0) }, read: { $0.float })
    }

    /// Whole numbers, some of which may count from the end.
    static func integers(
        _ name: String, _ path: WritableKeyPath<Owner, [Int]> & Sendable,
        expected: String = "a list of whole numbers", where isRight: (@Sendable ([Int]) -> Bool)? = nil
    ) -> Keyword {
        Keyword(
            name, path, nil, expected: expected, write: { .integers($0) },
            read: { $0.wholeNumbers.flatMap { isRight?($0) ?? true ? $0 : nil } })
    }

    /// Whole numbers, of which one may stand without a list.
    ///
    /// - Parameter isBareAlone: whether files say one number without a list.
    static func oneOrMore(
        _ name: String, _ path: WritableKeyPath<Owner, [Int]> & Sendable,
        expected: String = "a whole number, or a list of them", isBareAlone: Bool = false,
        where isRight: (@Sendable ([Int]) -> Bool)? = nil
    ) -> Keyword {
        Keyword(
            name, path, nil, expected: expected,
            write: { isBareAlone && $0.count == 1 ? .integer($0[0]) : .integers($0) },
            read: { setting in
                let list = setting.wholeNumber.map { [$0] } ?? setting.wholeNumbers
                return list.flatMap { isRight?($0) ?? true ? $0 : nil }
            })
    }

    /// One of a few words.
    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ path: WritableKeyPath<Owner, Choice> & Sendable, _ standard: Choice? = nil
    ) -> Keyword where Choice.RawValue == String {
        Keyword(
            name, path, standard.map { .text($0.rawValue) },
            expected: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "),
            write: { .text($0.rawValue) }, read: { $0.text.flatMap { Choice(rawValue: $0) } })
    }

    /// A keyword of PyTorch of which only some values, the first its default, mean what our layer does.
    ///
    /// - Parameter isWritten: whether files name it all the same.
    static func only(_ name: String, _ supported: Setting..., isWritten: Bool = false) -> Keyword {
        let first = supported[0]
        let get: (@Sendable (Owner) -> Setting)? = isWritten ? { @Sendable _ in first } : nil
        return Keyword(
            name: name, expected: "\(first)", standard: first, supported: supported, get: get, set: { _, _ in true })
    }

    /// A keyword that must be there, and of which one value is supported.
    static func required(_ name: String, _ supported: Setting) -> Keyword {
        Keyword(
            name: name, expected: "\(supported)", standard: nil, supported: [supported], get: { _ in supported },
            set: { _, _ in true })
    }

    /// The same keyword, left out of files where it has its default: for those that version 1 of the format lacks.
    var unwrittenDefault: Keyword {
        Keyword(
            name: name, expected: expected, standard: standard, supported: supported, get: get, set: set,
            isWrittenAlways: false)
    }

    /// A keyword that changes nothing here.
    static func ignoredFlag(_ name: String) -> Keyword {
        Keyword(
            name: name, expected: "true or false", standard: .boolean(false), supported: [], get: nil,
            set: { $1.boolean != nil })
    }
}

extension Setting {
    init(_ extent: Extent) {
        self = extent.height == extent.width ? .integer(extent.height) : .integers([extent.height, extent.width])
    }

    var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// Also of a number written `2.0`, as Python's scale factors are.
    var wholeNumber: Int? {
        switch self {
        case .integer(let value): value.magnitude <= UInt(Setting.largestInteger) ? value : nil
        case .number(let value): abs(value) <= Float(Setting.largestInteger) ? Int(exactly: value) : nil
        default: nil
        }
    }

    var wholeNumbers: [Int]? {
        switch self {
        case .integers(let list):
            list.allSatisfy { $0.magnitude <= UInt(Setting.largestInteger) } ? list : nil
        case .numbers(let list):
            list.allSatisfy { Setting.number($0).wholeNumber != nil }
                ? list.compactMap { Setting.number($0).wholeNumber } : nil
        default: nil
        }
    }

    /// A finite number.
    var float: Float? {
        switch self {
        case .integer(let value): Float(value)
        case .number(let value): value.isFinite ? value : nil
        default: nil
        }
    }
}

extension Extent {
    /// What a keyword for it takes, for sentences.
    static let expected = "a whole number from 0 to \(Setting.largestInteger), or a list of two (height, width)"

    init?(_ setting: Setting) {
        if let both = setting.wholeNumber, both >= 0 {
            self.init(both)
        } else if let list = setting.wholeNumbers, list.count == 2, list.allSatisfy({ $0 >= 0 }) {
            self.init(list[0], list[1])
        } else {
            return nil
        }
    }
}

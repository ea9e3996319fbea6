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
    /// A count or a size.
    static func integer(
        _ name: String, _ path: WritableKeyPath<Owner, Int> & Sendable, _ standard: Int? = nil
    ) -> Keyword {
        Keyword(
            name: name, expected: "a whole number from 0 to \(Setting.largestInteger)",
            standard: standard.map(Setting.integer), supported: [], get: { .integer($0[keyPath: path]) },
            set: { owner, setting in
                guard let value = setting.wholeNumber, value >= 0 else { return false }
                owner[keyPath: path] = value
                return true
            })
    }

    /// A whole number that may count from the end: an axis.
    static func axis(_ name: String, _ path: WritableKeyPath<Owner, Int> & Sendable, _ standard: Int? = nil) -> Keyword
    {
        Keyword(
            name: name, expected: "a whole number", standard: standard.map(Setting.integer), supported: [],
            get: { .integer($0[keyPath: path]) },
            set: { owner, setting in
                guard let value = setting.wholeNumber else { return false }
                owner[keyPath: path] = value
                return true
            })
    }

    /// A whole number that may count from the end, or nothing; one that is too large stands for the end.
    static func optionalInteger(_ name: String, _ path: WritableKeyPath<Owner, Int?> & Sendable) -> Keyword {
        Keyword(
            name: name, expected: "a whole number, or null", standard: Setting.none, supported: [],
            get: { $0[keyPath: path].map(Setting.integer) ?? .none },
            set: { owner, setting in
                let most = Setting.largestInteger
                if case .integer(let value) = setting {
                    owner[keyPath: path] = min(most, max(-most, value))
                    return true
                }
                guard setting == .none || setting.wholeNumber != nil else { return false }
                owner[keyPath: path] = setting.wholeNumber
                return true
            })
    }

    /// A height and a width: one number for both, or a list of the two.
    static func extent(
        _ name: String, _ path: WritableKeyPath<Owner, Extent> & Sendable, _ standard: Int? = nil
    ) -> Keyword {
        Keyword(
            name: name,
            expected: Extent.expected,
            standard: standard.map(Setting.integer), supported: [], get: { Setting($0[keyPath: path]) },
            set: { owner, setting in
                guard let value = Extent(setting) else { return false }
                owner[keyPath: path] = value
                return true
            })
    }

    /// A height and a width, or nothing.
    static func extent(_ name: String, _ path: WritableKeyPath<Owner, Extent?> & Sendable) -> Keyword {
        Keyword(
            name: name,
            expected: Extent.expected,
            standard: Setting.none, supported: [], get: { $0[keyPath: path].map { Setting($0) } ?? .none },
            set: { owner, setting in
                guard setting != .none else {
                    owner[keyPath: path] = nil
                    return true
                }
                guard let value = Extent(setting) else { return false }
                owner[keyPath: path] = value
                return true
            })
    }

    static func flag(_ name: String, _ path: WritableKeyPath<Owner, Bool> & Sendable, _ standard: Bool) -> Keyword {
        Keyword(
            name: name, expected: "true or false", standard: .boolean(standard), supported: [],
            get: { .boolean($0[keyPath: path]) },
            set: { owner, setting in
                guard case .boolean(let value) = setting else { return false }
                owner[keyPath: path] = value
                return true
            })
    }

    static func number(
        _ name: String, _ path: WritableKeyPath<Owner, Float> & Sendable, _ standard: Float? = nil
    ) -> Keyword {
        Keyword(
            name: name, expected: "a number", standard: standard.map(Setting.number), supported: [],
            get: { .number($0[keyPath: path]) },
            set: { owner, setting in
                guard let value = setting.float else { return false }
                owner[keyPath: path] = value
                return true
            })
    }

    /// A number, or nothing.
    static func number(_ name: String, _ path: WritableKeyPath<Owner, Float?> & Sendable) -> Keyword {
        Keyword(
            name: name, expected: "a number, or null", standard: Setting.none, supported: [],
            get: { $0[keyPath: path].map(Setting.number) ?? .none },
            set: { owner, setting in
                guard setting == .none || setting.float != nil else { return false }
                owner[keyPath: path] = setting.float
                return true
            })
    }

    /// Whole numbers, some of which may count from the end.
    static func integers(
        _ name: String, _ path: WritableKeyPath<Owner, [Int]> & Sendable, _ standard: [Int]? = nil,
        expected: String = "a list of whole numbers", where isRight: (@Sendable ([Int]) -> Bool)? = nil
    ) -> Keyword {
        Keyword(
            name: name, expected: expected, standard: standard.map(Setting.integers), supported: [],
            get: { .integers($0[keyPath: path]) },
            set: { owner, setting in
                guard let list = setting.wholeNumbers, isRight?(list) ?? true else { return false }
                owner[keyPath: path] = list
                return true
            })
    }

    /// One of a few words.
    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ path: WritableKeyPath<Owner, Choice> & Sendable, _ standard: Choice? = nil
    ) -> Keyword where Choice.RawValue == String {
        Keyword(
            name: name, expected: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "),
            standard: standard.map { .text($0.rawValue) }, supported: [], get: { .text($0[keyPath: path].rawValue) },
            set: { owner, setting in
                guard case .text(let text) = setting, let value = Choice(rawValue: text) else { return false }
                owner[keyPath: path] = value
                return true
            })
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
        Keyword(name: name, expected: "true or false", standard: .boolean(false), supported: [], get: nil) {
            _, setting in
            if case .boolean = setting { return true }
            return false
        }
    }
}

extension Setting {
    init(_ extent: Extent) {
        self = extent.height == extent.width ? .integer(extent.height) : .integers([extent.height, extent.width])
    }

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

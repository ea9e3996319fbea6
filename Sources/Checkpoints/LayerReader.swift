import JSON
import Neural

/// Reads layers: the name of a `torch.nn` class, or of a `torch` function, as `type`, its keywords beside it. Keywords that
/// PyTorch has a default for may be left out. ``LayerCatalog`` knows them all.
enum LayerReader {
    /// - Parameters:
    ///   - name: `decoder.3`, for sentences.
    ///   - apart: keys that are not the layer's own.
    static func operation(
        _ value: JSONValue, name: String, apart: Set<String> = []
    ) throws(ArchitectureProblem) -> Operation {
        guard let object = value.object else {
            throw .wrongType(
                key: "layer", what: name, expected: "an object with a type", found: value.kind)
        }
        guard let type = object["type"] else { throw .missingKey("type", what: "layer \(name)") }
        guard let type = type.string else {
            throw .wrongType(key: "type", what: "layer \(name)", expected: "a string", found: type.kind)
        }
        guard let entry = LayerCatalog.entry(named: type) else {
            throw .unknownLayer(type, what: "layer \(name)")
        }
        let what = "layer \(name) (\(shortened(type)))"
        var settings: [(name: String, value: Setting)] = []
        for member in object.members where member.name != "type" && !apart.contains(member.name) {
            guard let setting = Setting(member.value) else {
                throw .wrongType(
                    key: member.name, what: what, expected: expected(member.name, entry),
                    found: member.value.compactText)
            }
            settings.append((member.name, setting))
        }
        do {
            return try entry.make(settings)
        } catch {
            throw problem(error, object, what)
        }
    }

    private static func expected(_ key: String, _ entry: LayerEntry) -> String {
        entry.keywords.first { $0.name == key }?.expected ?? "a number, a word or a list of numbers"
    }

    private static func problem(
        _ problem: SettingProblem, _ object: JSONObject, _ what: String
    ) -> ArchitectureProblem {
        func found(_ key: String) -> String { object[key]?.compactText ?? "missing" }
        switch problem {
        case .missing(let key): return .missingKey(key, what: what)
        case .unknown(let key): return .unknownKey(key, what: what)
        case .wrong(let key, let expected):
            return .wrongType(key: key, what: what, expected: expected, found: found(key))
        case .unsupported(let key, let supported):
            return .unsupported(key: key, value: found(key), what: what, supported: supported.json.compactText)
        }
    }
}

extension Setting {
    /// Nil for objects and lists of anything but numbers.
    public init?(_ value: JSONValue) {
        switch value {
        case .null: self = .none
        case .boolean(let value): self = .boolean(value)
        case .string(let text): self = .text(text)
        case .array(let list):
            let numbers = list.compactMap(\.number)
            guard numbers.count == list.count else { return nil }
            let whole = list.compactMap(\.integer)
            self = whole.count == list.count ? .integers(whole) : .numbers(numbers.map { Float($0) })
        default:
            if let whole = value.integer {
                self = .integer(whole)
            } else if let number = value.number {
                self = .number(Float(number))
            } else {
                return nil
            }
        }
    }

    var json: JSONValue {
        switch self {
        case .none: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .number(let value): .float(value)
        case .text(let text): .string(text)
        case .integers(let list): .array(list.map(JSONValue.integer))
        case .numbers(let list): .array(list.map(JSONValue.float))
        }
    }
}

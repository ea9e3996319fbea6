import Files
import Importing
import Neural

/// A call of a function, which is asked for its arguments by their names: those that nobody asks for must change nothing.
final class ScriptCall {
    /// `torch.conv2d`, `__torch__.torch.nn.functional.relu`.
    let name: String
    /// The last word, without the underscore of functions that write into their argument.
    let word: String
    /// The names of the arguments that are given by their places.
    private let places: [String]
    private let arguments: [String: ScriptFollower.Value]
    private var read: Set<String> = []

    init(name: String, arguments: [ScriptFollower.Value], keywords: [String: ScriptFollower.Value]) {
        self.name = name
        let last = name.split(separator: ".").last.map(String.init) ?? name
        word = last.hasSuffix("_") && !last.hasPrefix("_") ? String(last.dropLast()) : last
        let parameters = ScriptSignature.parameters(of: name, word: word)
        places = arguments.indices.map { $0 < parameters.count ? parameters[$0] : "argument \($0 + 1)" }
        self.arguments = keywords.merging(zip(places, arguments)) { $1 }
    }

    /// How many arguments are given by their places.
    var count: Int { places.count }

    /// Whether the function writes its result over its first argument.
    var isInPlace: Bool {
        if case .setting(.boolean(true))? = arguments["inplace"] { return true }
        return !word.hasPrefix("_") && name.hasSuffix("_")
    }

    subscript(name: String) -> ScriptFollower.Value? {
        read.insert(name)
        return arguments[name]
    }

    subscript(place: Int) -> ScriptFollower.Value? { place < places.count ? self[places[place]] : nil }

    /// Arguments that change nothing here.
    func ignore(_ names: String...) { read.formUnion(names) }

    func ignoreAll() { read.formUnion(arguments.keys) }

    /// An argument that would change something, and that nobody asked for.
    var unread: String? {
        arguments.filter { !read.contains($0.key) && !ScriptSignature.isNeutral($0.key, $0.value) }.keys.min()
    }

    // MARK: As what they are wanted

    func setting(_ name: String) -> Setting? {
        switch self[name] {
        case .setting(.none), nil: nil
        case .setting(let setting): setting
        case .list(let list): Self.setting(list)
        default: nil
        }
    }

    private static func setting(_ list: [ScriptFollower.Value]) -> Setting? {
        var (integers, numbers): ([Int], [Float]) = ([], [])
        for element in list {
            switch element {
            case .setting(.integer(let number)):
                integers.append(number)
                numbers.append(Float(number))
            case .setting(.number(let number)): numbers.append(number)
            default: return nil
            }
        }
        if integers.count == list.count { return .integers(integers) }
        return numbers.count == list.count ? .numbers(numbers) : nil
    }

    func integer(_ name: String) -> Int? {
        if case .integer(let number)? = setting(name) { number } else { nil }
    }

    func integers(_ name: String) -> [Int]? {
        switch setting(name) {
        case .integers(let list)?: list
        case .integer(let number)?: [number]
        default: nil
        }
    }

    func numbers(_ name: String) -> [Float]? {
        switch setting(name) {
        case .numbers(let list)?: list
        case .integers(let list)?: list.map { Float($0) }
        case .number(let number)?: [number]
        case .integer(let number)?: [Float(number)]
        default: nil
        }
    }

    func number(_ name: String) -> Float? { self[name].flatMap(Self.number) }

    /// A number, or a constant of one.
    static func number(_ value: ScriptFollower.Value) -> Float? {
        switch value {
        case .setting(.number(let number)): number
        case .setting(.integer(let number)): Float(number)
        case .setting(.boolean(let value)): value ? 1 : 0
        case .constant(let tensor) where tensor.values.count == 1: tensor.values[0]
        default: nil
        }
    }

    func flag(_ name: String) -> Bool? {
        switch setting(name) {
        case .boolean(let value)?: value
        case .integer(let number)?: number != 0
        default: nil
        }
    }

    func tensor(_ name: String) -> Tensor? {
        if case .constant(let tensor)? = self[name] { tensor } else { nil }
    }

    func value(_ name: String) -> GraphAssembly.Value? {
        if case .computed(let value)? = self[name] { value } else { nil }
    }

    /// What the function works on.
    var input: GraphAssembly.Value? { value("input") }
}

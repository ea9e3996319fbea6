import Importing
import Neural

/// Walks through a module that was pickled as a whole, in the order of its `state_dict()`: its own parameters, its buffers,
/// then its children.
struct ModuleTree {
    private static let deepest = 64
    private static let mostModules = 20_000
    private static let mostTensors = 100_000

    /// What a convolution that pads by other modes keeps beside its settings, and uses.
    private static let paddingName = "_reversed_padding_repeated_twice"

    /// Members of modules that are looked at in one file, each as often as its module is met.
    static let mostMembers = 4_000_000

    private let graph: PickleGraph
    /// Nil for pickled modules.
    private let code: ScriptedCode?
    private(set) var entries: [(name: String, tensor: FoundTensor)] = []
    private(set) var modules: [ModuleRecord] = []
    /// Members that may still be looked at.
    private(set) var membersLeft: Int

    /// - Parameters:
    ///   - code: that of TorchScript, whose modules have all attributes in one dictionary.
    ///   - membersLeft: what trees before this one left of ``mostMembers``.
    init(
        _ graph: PickleGraph, root: PickleGraph.Reference, code: ScriptedCode?,
        membersLeft: Int = ModuleTree.mostMembers
    ) {
        self.graph = graph
        self.code = code
        self.membersLeft = membersLeft
        visit(root, path: "", depth: 0)
    }

    /// Whether a value is a module: a record whose state has parameters and children.
    static func isModule(_ reference: PickleGraph.Reference, in graph: PickleGraph) -> Bool {
        guard let record = graph.record(reference) else { return false }
        if graph.isScripted(record) { return true }
        guard let state = graph.moduleState(record) else { return false }
        return graph.value("_modules", in: state) != nil && graph.value("_parameters", in: state) != nil
    }

    private mutating func visit(_ reference: PickleGraph.Reference, path: String, depth: Int) {
        // Modules may contain each other, or the same ones a thousand times.
        guard depth < Self.deepest, modules.count < Self.mostModules, entries.count < Self.mostTensors,
            let record = graph.record(reference), let state = graph.moduleState(record), take(state.count)
        else { return }
        if graph.isScripted(record) {
            visitScripted(record, state, path: path, depth: depth)
        } else {
            visitPickled(record, state, path: path, depth: depth)
        }
    }

    private mutating func visitPickled(
        _ record: PickleGraph.Record, _ state: [PickleGraph.Pair], path: String, depth: Int
    ) {
        var settings: [String: Setting] = [:]
        for pair in state {
            guard let name = graph.text(pair.key), !name.hasPrefix("_") else { continue }
            settings[name] = graph.setting(pair.value)
        }
        modules.append(ModuleRecord(path: path, className: graph.className(record), settings: settings))
        let passing = graph.value("_non_persistent_buffers_set", in: state).flatMap(graph.elements) ?? []
        let passingNames = Set(passing.compactMap(graph.text))
        for kind in ["_parameters", "_buffers"] {
            for (name, value) in members(kind, of: state) where kind == "_parameters" || !passingNames.contains(name) {
                append(value, named: name, in: path)
            }
        }
        for (name, value) in members("_modules", of: state) {
            visit(value, path: Self.joined(path, name), depth: depth + 1)
        }
    }

    private mutating func visitScripted(
        _ record: PickleGraph.Record, _ state: [PickleGraph.Pair], path: String, depth: Int
    ) {
        let scripted = code?.scriptedClass(named: graph.callee(record) ?? "")
        var settings = scripted?.settings ?? [:]
        var children: [(String, PickleGraph.Reference)] = []
        let place = modules.count
        modules.append(
            ModuleRecord(
                path: path, className: graph.className(record), settings: [:], scriptedName: graph.callee(record)))
        for pair in state {
            guard let name = graph.text(pair.key) else { continue }
            if let child = graph.record(pair.value), graph.isScripted(child) {
                children.append((name, pair.value))
            } else if graph.tensor(pair.value) != nil {
                if scripted?.tensors.contains(name) ?? true { append(pair.value, named: name, in: path) }
            } else if !name.hasPrefix("_") || name == Self.paddingName, let setting = graph.setting(pair.value) {
                settings[name] = setting
            }
        }
        modules[place].settings = settings
        for (name, value) in children { visit(value, path: Self.joined(path, name), depth: depth + 1) }
    }

    /// Whether so many members may still be looked at.
    private mutating func take(_ members: Int) -> Bool {
        membersLeft -= 1 + members
        return membersLeft > 0
    }

    private mutating func append(_ value: PickleGraph.Reference, named name: String, in path: String) {
        guard entries.count < Self.mostTensors, let tensor = graph.tensor(value) else { return }
        entries.append((Self.joined(path, name), tensor))
    }

    /// One of a module's dictionaries; of a name that occurs twice, the last value in the first place.
    private mutating func members(
        _ name: String, of state: [PickleGraph.Pair]
    ) -> [(name: String, value: PickleGraph.Reference)] {
        guard let pairs = graph.value(name, in: state).flatMap(graph.pairs), take(pairs.count) else { return [] }
        return graph.named(pairs)
    }

    private static func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

extension PickleGraph {
    /// Whether a record is of a class that TorchScript compiled.
    func isScripted(_ record: Record) -> Bool { callee(record)?.hasPrefix("__torch__.") ?? false }

    /// The members of what a module's state is.
    func moduleState(_ record: Record) -> [Pair]? {
        if let state = record.state { return pairs(state) }
        // `torch.fx` makes its modules by a function that is given the dictionary.
        guard let name = callee(record), name.hasPrefix("torch.fx."), let first = record.arguments.first else {
            return nil
        }
        return pairs(first)
    }

    /// The class's full name, without what TorchScript adds to it.
    func className(_ record: Record) -> String {
        // The legacy format gives a class with its source: `('module', class, file, source)`.
        if case .persistent(let description) = self[record.callee], let parts = elements(description), parts.count > 1,
            text(parts[0]) == "module"
        {
            return symbol(parts[1]) ?? ""
        }
        let words = (callee(record) ?? "").split(separator: ".")
        return words.filter { $0 != "__torch__" && !$0.hasPrefix("___torch_mangle_") }.joined(separator: ".")
    }

    /// The members whose names are texts, each once: of a name that occurs twice, the last value in the first place.
    func named(_ pairs: [Pair]) -> [(name: String, value: Reference)] {
        var (members, places) = ([(name: String, value: Reference)](), [String: Int]())
        for pair in pairs {
            guard let name = text(pair.key) else { continue }
            if let place = places[name] {
                members[place].value = pair.value
            } else {
                places[name] = members.count
                members.append((name, pair.value))
            }
        }
        return members
    }
}

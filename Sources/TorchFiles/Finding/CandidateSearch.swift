/// Looks through all that a pickle holds for tensors under names: bare state dicts, those within a checkpoint's
/// dictionary, whole modules.
struct CandidateSearch {
    /// How deep a checkpoint hides a model.
    private static let deepest = 8

    private let graph: PickleGraph
    private let code: ScriptedCode?
    private var seen: Set<PickleGraph.Reference> = []
    private var membersLeft = ModuleTree.mostMembers
    private(set) var candidates: [Candidate] = []

    init(_ graph: PickleGraph, code: ScriptedCode? = nil) {
        self.graph = graph
        self.code = code
        visit(graph.root, path: [], depth: 0)
    }

    private mutating func visit(_ reference: PickleGraph.Reference, path: [String], depth: Int) {
        guard depth < Self.deepest, seen.insert(reference).inserted, graph.tensor(reference) == nil else { return }
        if ModuleTree.isModule(reference, in: graph) {
            let tree = ModuleTree(graph, root: reference, code: code, membersLeft: membersLeft)
            membersLeft = tree.membersLeft
            if !tree.entries.isEmpty {
                candidates.append(Candidate(path: path, entries: tree.entries, modules: tree.modules))
                return
            }
        }
        if let pairs = graph.pairs(reference) {
            visitDictionary(pairs, path: path, depth: depth)
        } else if let elements = graph.elements(reference) {
            for (index, element) in elements.enumerated() where graph.isContainer(element) {
                visit(element, path: path + ["\(index)"], depth: depth + 1)
            }
        }
        // Whatever else has a state, or was made of something, may keep a model in it: a learner, a model's method.
        guard let record = graph.record(reference) else { return }
        for part in record.arguments + [record.state].compactMap(\.self) where graph.isContainer(part) {
            visit(part, path: path, depth: depth + 1)
        }
    }

    private mutating func visitDictionary(_ pairs: [PickleGraph.Pair], path: [String], depth: Int) {
        var entries: [(name: String, tensor: FoundTensor)] = []
        var others: [(name: String, value: PickleGraph.Reference)] = []
        for member in graph.named(pairs) where graph.isContainer(member.value) {
            if let tensor = graph.tensor(member.value) {
                entries.append((member.name, tensor))
            } else {
                others.append(member)
            }
        }
        if !entries.isEmpty { candidates.append(Candidate(path: path, entries: entries)) }
        for (name, value) in others { visit(value, path: path + [name], depth: depth + 1) }
        // Optimizers number what they keep.
        for pair in pairs where graph.text(pair.key) == nil && graph.isContainer(pair.value) {
            visit(pair.value, path: path + [graph.integer(pair.key).map(String.init) ?? "?"], depth: depth + 1)
        }
    }
}

extension PickleGraph {
    /// Whether a value may contain others.
    func isContainer(_ reference: Reference) -> Bool {
        switch self[reference] {
        case .list, .tuple, .set, .dictionary, .record: true
        default: false
        }
    }
}

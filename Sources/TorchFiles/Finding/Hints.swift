import Neural

/// Plain values that stand beside the tensors: `latent_dim`, `args.z_dim`, `hyper_parameters.latent_dim`.
struct Hints {
    private static let most = 500
    private static let deepest = 4

    private let graph: PickleGraph
    private(set) var found: [TorchFile.Hint] = []
    private var seen: Set<PickleGraph.Reference> = []

    init(_ graph: PickleGraph) {
        self.graph = graph
        visit(graph.root, path: [])
    }

    private mutating func visit(_ reference: PickleGraph.Reference, path: [String]) {
        guard path.count < Self.deepest, found.count < Self.most, seen.insert(reference).inserted,
            let pairs = graph.pairs(reference) ?? graph.record(reference)?.state.flatMap(graph.pairs)
        else { return }
        // Each module says whether it was training.
        for (name, value) in graph.named(pairs) where !name.hasPrefix("_") && name != "training" {
            guard found.count < Self.most else { return }
            let path = path + [name]
            if PathWords.isTraining(path) { continue }
            if let setting = graph.setting(value) {
                if setting != .none { found.append(TorchFile.Hint(name: path.joined(separator: "."), value: setting)) }
            } else if graph.tensor(value) == nil, !ModuleTree.isModule(value, in: graph) {
                visit(value, path: path)
            }
        }
    }
}

import Importing

/// An order of nodes in which each comes after those that it reads from; usually the file's.
struct NodeOrder {
    let order: [Int]

    /// - Throws: ``ImportProblem`` for nodes that read each other in a circle.
    init(_ nodes: [NodeMessage]) throws(ImportProblem) {
        var maker: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for name in node.outputs where !name.isEmpty {
                guard maker.updateValue(index, forKey: name) == nil else {
                    throw ImportProblem(.badFile, "the value \(name) is made by two nodes")
                }
            }
        }
        var waiting = [Int](repeating: 0, count: nodes.count)
        var readers = [[Int]](repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() {
            let sources = node.inputs + NodeOrder.captured(node)
            for source in Set(sources.compactMap { maker[$0] }) {
                waiting[index] += 1
                readers[source].append(index)
            }
        }
        var ready = nodes.indices.filter { waiting[$0] == 0 }
        var order: [Int] = []
        var next = 0
        while next < ready.count {
            let index = ready[next]
            next += 1
            order.append(index)
            for reader in readers[index] {
                waiting[reader] -= 1
                if waiting[reader] == 0 { ready.append(reader) }
            }
        }
        guard order.count == nodes.count else {
            // Who waits may only come after the circle; back along what it waits for one gets into it.
            var index = nodes.indices.first { waiting[$0] > 0 } ?? 0
            var met: Set<Int> = []
            while met.insert(index).inserted {
                let sources = nodes[index].inputs + NodeOrder.captured(nodes[index])
                index = sources.lazy.compactMap { maker[$0] }.first { waiting[$0] > 0 } ?? index
            }
            throw ImportProblem(
                .badFile, "\(nodes[index].title) reads what is computed from its own output: its nodes form a circle")
        }
        self.order = order
    }

    /// Names that a node's branches read, of those that they do not make themselves.
    private static func captured(_ node: NodeMessage) -> [String] {
        var (names, made): ([String], Set<String>) = ([], [])
        var open = node.attributes.compactMap { $0.hasGraph ? $0.graph : nil }
        while let graph = open.popLast() {
            names += graph.outputs.map(\.name)
            made.formUnion(graph.constants.map(\.name))
            for inner in graph.nodes {
                names += inner.inputs
                made.formUnion(inner.outputs)
                open += inner.attributes.compactMap { $0.hasGraph ? $0.graph : nil }
            }
        }
        return names.filter { !made.contains($0) }
    }
}

extension NodeMessage {
    /// How errors call it.
    var title: String { "node \(name.isEmpty ? outputs.first ?? "" : name) (\(operatorName))" }
}

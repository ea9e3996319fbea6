import Neural

extension Architecture {
    /// Refuses tables that have no row for some of a label's classes: they would take those for their last row.
    ///
    /// - Throws: ``ArchitectureError/layer(_:_:)`` naming the table.
    static func checkTables(_ part: Part) throws(ArchitectureError) {
        let network = part.network
        for (input, role) in part.roles.enumerated() {
            guard case .label(let classes, .index) = role else { continue }
            // The values that are the label, in whatever shape.
            var labels: Set<Network.Value> = [input]
            for (place, node) in network.nodes.enumerated() where node.inputs.contains(where: labels.contains) {
                if node.operation.onlyMovesValues { labels.insert(network.inputs.count + place) }
                guard let rows = node.operation.rows, rows < classes else { continue }
                throw .layer(
                    node.name,
                    .invalid(
                        "\(node.operation.kind()) tells \(rows) apart, fewer than the \(classes) classes of "
                            + "\(network.inputNames[input])"))
            }
        }
    }
}

extension Operation {
    /// How many indices it tells apart; nil where it reads none.
    fileprivate var rows: Int? { self.as(Embedding.self)?.count ?? self.as(OneHot.self)?.classes }
}

import Files
import JSON
import Neural

/// How an encoder, or a decoder, of one model differs from that of another, layer by layer.
struct PartComparison {
    /// A layer as it is compared and shown.
    struct Layer: Hashable {
        let call: String
        let output: String
        /// The places, counted back from the layer, of what it reads; inputs are counted on from their end.
        let reads: [Int]

        var text: String { "\(call)  → \(output)".printable }
    }

    enum Line: Equatable {
        case both(Layer)
        case first(Layer)
        case second(Layer)
    }

    let name: String
    let first: [Layer]
    let second: [Layer]
    let changes: [Line]

    /// - Returns: nil where neither model has the part.
    init?(_ name: String, _ first: Network?, _ second: Network?) {
        guard first != nil || second != nil else { return nil }
        self.name = name
        self.first = first.map(PartComparison.layers) ?? []
        self.second = second.map(PartComparison.layers) ?? []
        changes = PartComparison.lines(self.first, self.second)
    }

    var isSame: Bool { first == second }

    private static func layers(of network: Network) -> [Layer] {
        network.nodes.enumerated().map { index, node in
            let value = network.inputs.count + index
            return Layer(
                call: node.operation.summary(of: network.inputShapes(of: node)), output: "\(network.shapes[value])",
                reads: node.inputs.map { $0 < network.inputs.count ? -1 - $0 : value - $0 })
        }
    }

    /// Both lists as one, with what has to go and what has to come.
    private static func lines(_ first: [Layer], _ second: [Layer]) -> [Line] {
        let difference = second.difference(from: first)
        let gone = Set(
            difference.removals.map { change in
                if case .remove(let offset, _, _) = change { offset } else { 0 }
            })
        let come = Set(
            difference.insertions.map { change in
                if case .insert(let offset, _, _) = change { offset } else { 0 }
            })
        var lines: [Line] = []
        var (left, right) = (0, 0)
        while left < first.count || right < second.count {
            if left < first.count, gone.contains(left) {
                lines.append(.first(first[left]))
                left += 1
            } else if right < second.count, come.contains(right) {
                lines.append(.second(second[right]))
                right += 1
            } else {
                lines.append(.both(first[left]))
                (left, right) = (left + 1, right + 1)
            }
        }
        return lines
    }

    var lines: [String] {
        guard !isSame else { return ["\(name): the same \(counted(first.count, "layer"))"] }
        guard !first.isEmpty else { return ["\(name): in B alone, \(counted(second.count, "layer"))"] }
        guard !second.isEmpty else { return ["\(name): in A alone, \(counted(first.count, "layer"))"] }
        return ["\(name): − in A, + in B"]
            + changes.map { line in
                switch line {
                case .both(let layer): "    \(layer.text)"
                case .first(let layer): "  − \(layer.text)"
                case .second(let layer): "  + \(layer.text)"
                }
            }
    }

    var json: JSONValue {
        func texts(_ wanted: (Line) -> Layer?) -> JSONValue {
            .array(changes.compactMap(wanted).map { .string($0.text) })
        }
        return .object([
            "same": .boolean(isSame),
            "only_a": texts { if case .first(let layer) = $0 { layer } else { nil } },
            "only_b": texts { if case .second(let layer) = $0 { layer } else { nil } },
        ])
    }
}

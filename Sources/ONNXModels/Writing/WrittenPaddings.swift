import Neural

extension LayerTable {
    static let paddings: [String: Function] = [
        "pad": { layer in layer.padded(layer.input, LayerTable.layer(layer, Padding.self)) }
    ]
}

extension WrittenLayer {
    /// A value of the layer's input's shape with more at its ends, or less.
    func padded(_ value: String, _ padding: Padding) -> String {
        var ends = extents.map { _ in (before: 0, after: 0) }
        for pair in 0..<padding.amounts.count / 2 {
            ends[ends.count - 1 - pair] = (padding.amounts[2 * pair], padding.amounts[2 * pair + 1])
        }
        // The operator wraps around only in later versions.
        guard padding.mode != .circular else { return wrapped(value, ends) }
        var result = value
        if ends.contains(where: { max($0.before, $0.after) > 0 }) {
            let amounts = [0] + ends.map { max(0, $0.before) } + [0] + ends.map { max(0, $0.after) }
            let fill = padding.mode == .constant ? [graph.number(padding.value ?? 0)] : []
            let word = padding.mode == .replicate ? "edge" : padding.mode.rawValue
            result = add("Pad", [result, graph.list(amounts)] + fill, ["mode": .text(word)])
        }
        // What is cut off goes afterwards: the other end may mirror it.
        for (place, end) in ends.enumerated() where min(end.before, end.after) < 0 {
            let start = max(0, -end.before)
            let length = extents[place] + end.before + end.after
            result = add(
                "Slice", [result, graph.list([start]), graph.list([start + length]), graph.list([place + 1])])
        }
        return result
    }

    private func wrapped(_ value: String, _ ends: [(before: Int, after: Int)]) -> String {
        var result = value
        for (place, end) in ends.enumerated() where end.before != 0 || end.after != 0 {
            let extent = extents[place]
            let places = (-end.before..<extent + end.after).map { ($0 + extent) % extent }
            result = gathered(result, places, axis: place + 1)
        }
        return result
    }
}

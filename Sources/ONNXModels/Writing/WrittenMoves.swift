import Neural

extension LayerTable {
    /// What gives a value another shape, and what puts its elements into other places.
    static let moves: [String: Function] = [
        "Flatten": { layer in layer.add("Flatten", [layer.input], ["axis": .integer(1)]) },
        "Unflatten": reshape, "reshape": reshape, "squeeze": reshape, "unsqueeze": reshape,
        "Dropout": same, "Dropout2d": same, "Identity": same,
        "cat": { layer in
            layer.add(
                "Concat", layer.inputs.map(layer.graph.float),
                ["axis": .integer(LayerTable.layer(layer, Concatenation.self).axis)])
        },
        "stack": { layer in
            let axis = LayerTable.layer(layer, Stacking.self).axis
            let wide = layer.inputs.map {
                layer.add("Unsqueeze", [layer.graph.float($0), layer.graph.list([axis])])
            }
            return layer.add("Concat", wide, ["axis": .integer(axis)])
        },
        "permute": { layer in
            let axes = LayerTable.layer(layer, Permutation.self).axes
            return layer.transposed(layer.input, axes.dropFirst().map { ($0 < 0 ? $0 + axes.count : $0) - 1 })
        },
        "transpose": { layer in
            let subject = LayerTable.layer(layer, Transposition.self)
            var order = Array(layer.extents.indices)
            order.swapAt(layer.place(of: subject.first), layer.place(of: subject.second))
            return layer.transposed(layer.input, order)
        },
        "flip": { layer in
            let axes = LayerTable.layer(layer, Flip.self).axes
            guard !axes.isEmpty else { return layer.input }
            func all(_ number: Int) -> String { layer.graph.list(axes.map { _ in number }) }
            return layer.add("Slice", [layer.input, all(-1), all(-Int(Int32.max)), layer.graph.list(axes), all(-1)])
        },
        "narrow": { layer in
            let subject = LayerTable.layer(layer, Narrow.self)
            let extent = layer.extents[layer.place(of: subject.axis)]
            let start = subject.start < 0 ? subject.start + extent : subject.start
            return layer.sliced(from: start, to: start + subject.length, step: 1, axis: subject.axis)
        },
        "slice_copy": { layer in
            let subject = LayerTable.layer(layer, Slice.self)
            return layer.sliced(
                from: subject.start ?? 0, to: subject.end ?? Int(Int32.max), step: subject.step, axis: subject.axis)
        },
        "index_select": { layer in
            let subject = LayerTable.layer(layer, IndexSelection.self)
            return layer.gathered(layer.input, subject.index, axis: subject.axis)
        },
        "expand": { layer in layer.add("Expand", [layer.input, layer.graph.list([1] + layer.output.extents)]) },
        "tile": { layer in
            let times = zip(layer.output.extents, layer.extents).map { $0 / $1 }
            return layer.add("Tile", [layer.input, layer.graph.list([1] + times)])
        },
    ]

    private static let reshape: Function = { layer in layer.reshaped(layer.input, layer.output.extents) }
    private static let same: Function = { layer in layer.input }
}

extension WrittenLayer {
    /// A place among a sample's extents, from an axis that counts the batch.
    fileprivate func place(of axis: Int) -> Int { axis < 0 ? axis + extents.count : axis - 1 }

    fileprivate func sliced(from start: Int, to end: Int, step: Int, axis: Int) -> String {
        add("Slice", [input, graph.list([start]), graph.list([end]), graph.list([axis]), graph.list([step])])
    }
}

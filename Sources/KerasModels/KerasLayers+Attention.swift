import HDF5Files
import Importing
import JSON
import Neural

extension KerasLayers {
    static let attention: [String: Make] = [
        "MultiHeadAttention": { (operands, builder) throws(ImportProblem) in
            [try builder.multiHeadAttention(operands)]
        },
        "Attention": { (operands, builder) throws(ImportProblem) in [try builder.dotAttention(operands)] },
    ]
}

extension KerasBuilder {
    /// Whether places may be masked: what a layer says of that travels with its values to whatever attends to them.
    private var hasMasks: Bool {
        graph.calls.contains {
            $0.layer.className == "Masking"
                || $0.layer.className == "Embedding" && KerasSettings($0.layer).flag("mask_zero", false)
        }
    }

    /// softmax(q kᵀ scale) v of [heads, places, features].
    private mutating func attend(
        _ query: GraphAssembly.Value, _ key: GraphAssembly.Value, _ value: GraphAssembly.Value, scale: Float,
        _ layer: KerasLayer
    ) throws(ImportProblem) -> GraphAssembly.Value {
        let rank = assembly.shape(of: key).extents.count
        let axes = rank == 2 ? [0, 2, 1] : [0, 1, 3, 2]
        let turned = try add("permute", ["dims": .integers(axes)], [key], layer)
        var scores = try add("matmul", [query, turned], layer)
        if scale != 1 { scores = try add("mul", ["other": .number(scale)], [scores], layer) }
        let shares = try add("Softmax", ["dim": .integer(rank)], [scores], layer)
        return try add("matmul", [shares, value], layer)
    }

    /// Keras's `Attention` of a query, a value and perhaps a key, by their products.
    fileprivate mutating func dotAttention(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        guard operands.settings.text("score_mode", "dot") == "dot", !operands.settings.flag("use_scale", false),
            operands.listCount <= 1, !hasMasks, (2...3).contains(operands.values.count),
            operands.values.allSatisfy({ $0.shape.count == 2 })
        else { throw operands.settings.unsupported("attention of this kind is not supported") }
        let values = try operands.values.map { value throws(ImportProblem) in try plain(value) }
        let (query, value, key) = (values[0], values[1], values[values.count - 1])
        let key2 = values.count == 3 ? key : value
        let made = try attend(query.engine, key2.engine, value.engine, scale: 1, operands.layer)
        return KerasValue(made, [query.shape[0], value.shape[1]])
    }

    /// Over the places of a sequence, or over an image's pixels.
    fileprivate mutating func multiHeadAttention(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let settings = operands.settings
        let (heads, width) = (try settings.integer("num_heads"), try settings.integer("key_dim"))
        let depth = try settings.integer("value_dim", width)
        guard heads >= 1, width >= 1, depth >= 1, !settings.flag("use_gate", false),
            settings["sliding_window"] == nil, let query = operands.values.first,
            !hasMasks,
            (2...3).contains(query.shape.count)
        else { throw settings.unsupported("attention of this kind is not supported") }
        let axes = try settings.integers("attention_axes") ?? Array(1..<query.shape.count)
        guard
            axes == Array(1..<query.shape.count)
                || axes == query.shape.indices.dropLast().map({ $0 - query.shape.count })
        else { throw settings.unsupported("attention along some of the axes is not supported") }
        let value = operands.value(1, "value") ?? query
        let key = operands.value(2, "key") ?? value
        var parts: [GraphAssembly.Value] = []
        for (name, source, size) in [("query", query, width), ("key", key, width), ("value", value, depth)] {
            let rows = try places(source, operands)
            let made = try projection(name, "\(name)_dense", rows, outputs: heads * size, operands)
            let split = try add(
                "reshape", ["shape": .integers([rows.shape[0], heads, size])], [made], operands.layer)
            parts.append(try add("permute", ["dims": .integers([0, 2, 1, 3])], [split], operands.layer))
        }
        let mixed = try attend(
            parts[0], parts[1], parts[2], scale: 1 / Float(width).squareRoot(), operands.layer)
        let turned = try add("permute", ["dims": .integers([0, 2, 1, 3])], [mixed], operands.layer)
        let count = query.shape.dropLast().reduce(1, *)
        let joined = KerasValue(
            try add("reshape", ["shape": .integers([count, heads * depth])], [turned], operands.layer),
            [count, heads * depth])
        let made = try projection("attention_output", "output_dense", joined, outputs: nil, operands)
        let shape = query.shape.dropLast() + [assembly.shape(of: made).extents[1]]
        guard shape.count == 3 else { return KerasValue(made, Array(shape)) }
        return KerasValue(
            try add("reshape", ["shape": .integers(Array(shape))], [made], operands.layer), Array(shape))
    }

    /// A value as [places, features].
    private mutating func places(_ value: KerasValue, _ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let source = try plain(value)
        guard source.shape.count == 3 else { return source }
        let shape = [source.shape[0] * source.shape[1], source.shape[2]]
        return KerasValue(
            try add("reshape", ["shape": .integers(shape)], [source.engine], operands.layer), shape)
    }

    /// One of the layers inside, of which the kernel's axes are inputs and outputs with the heads beside one of them.
    private mutating func projection(
        _ name: String, _ word: String, _ value: KerasValue, outputs: Int?, _ operands: KerasOperands
    ) throws(ImportProblem) -> GraphAssembly.Value {
        let names = ["kernel"] + (operands.settings.flag("use_bias", true) ? ["bias"] : [])
        let variables = try weights.variables(ofPart: name, words: [word, "_" + word], in: operands.layer, names)
        let inputs = value.shape[1]
        let count = outputs ?? (variables[0].values.count / max(1, inputs))
        guard count >= 1, variables[0].values.count == inputs * count else {
            throw operands.settings.problem("reads \(value.shape), which its weights do not fit")
        }
        let flat = KerasTensor(shape: [inputs, count, 1, 1], values: variables[0].values)
        var tensors = [
            "weight": Tensor(extents: [count, inputs], values: KerasBuilder.reordered(flat, [1, 0, 2, 3]))
        ]
        if variables.count > 1 { tensors["bias"] = try vector(variables[1], count, operands) }
        return try add(
            "Linear",
            [
                "in_features": .integer(inputs), "out_features": .integer(count),
                "bias": .boolean(variables.count > 1),
            ], [value.engine], operands.layer, tensors: tensors)
    }
}

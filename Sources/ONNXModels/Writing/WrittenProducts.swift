import Neural

extension LayerTable {
    /// Linear layers, tables, products of matrices.
    static let products: [String: Function] = [
        "Linear": { layer in
            guard layer.extents.count > 1 else {
                let tensors = [layer.tensor("weight"), layer.tensor("bias")].compactMap(\.self)
                return layer.add("Gemm", [layer.input] + tensors, ["transB": .integer(1)])
            }
            let product = layer.add("MatMul", [layer.input, transposedWeight(layer)])
            return layer.tensor("bias").map { layer.add("Add", [product, $0]) } ?? product
        },
        "Embedding": { layer in
            let table = layer.graph.constant(
                "\(layer.name).weight", layer.tensors["weight"]?.values ?? [],
                layer.tensors["weight"]?.extents ?? [])
            return layer.add("Gather", [table, places(layer, of: LayerTable.layer(layer, Embedding.self).count)])
        },
        "one_hot": { layer in
            let classes = LayerTable.layer(layer, OneHot.self).classes
            let ends = layer.graph.constant("\(layer.name).ends", [0, 1], [2])
            return layer.add("OneHot", [places(layer, of: classes), layer.graph.list([classes]), ends])
        },
        "constant": { layer in layer.tensor("value", [1] + layer.output.extents) ?? "" },
        "matmul": { layer in layer.add("MatMul", layer.inputs.map(layer.graph.float)) },
    ]

    /// `[inputs, outputs]`.
    private static func transposedWeight(_ layer: WrittenLayer) -> String {
        let (values, extents) = (layer.tensors["weight"]?.values ?? [], layer.tensors["weight"]?.extents ?? [0, 0])
        let (outputs, inputs) = (extents[0], extents[1])
        return layer.graph.constant(
            "\(layer.name).weight", (0..<values.count).map { values[$0 % outputs * inputs + $0 / outputs] },
            [inputs, outputs])
    }

    /// Whole numbers from 0. Labels are given as such, and one that does not exist is the runtime's error; numbers that are
    /// computed stand for the nearest.
    private static func places(_ layer: WrittenLayer, of count: Int) -> String {
        let input = layer.inputs[0]
        guard !input.isInteger else { return input.name }
        let inside = layer.add(
            "Clip", [input.name, layer.graph.number(0), layer.graph.number(Float(count - 1))])
        return layer.add("Cast", [inside], ["to": .integer(Int(GraphWriter.Element.int64.rawValue))])
    }
}

import Neural

extension LayerTable {
    static let normalizations: [String: Function] = [
        "BatchNorm2d": batchNormalization, "BatchNorm1d": batchNormalization,
        "GroupNorm": { layer in
            let subject = LayerTable.layer(layer, GroupNormalization.self)
            // Groups as channels, whose pixels lie in a row.
            let rows = layer.reshaped(layer.input, [subject.groups, layer.shapes[0].count / subject.groups])
            let scales = [layer.repeated(1, "ones", subject.groups), layer.repeated(0, "zeros", subject.groups)]
            let normal = layer.reshaped(
                layer.add("InstanceNormalization", [rows] + scales, ["epsilon": .number(subject.epsilon)]),
                layer.extents)
            guard subject.isAffine else { return normal }
            let extents = [subject.channels] + Array(repeating: 1, count: layer.extents.count - 1)
            return layer.scaled(normal, "weight", "bias", extents)
        },
        "InstanceNorm2d": { layer in
            let subject = LayerTable.layer(layer, InstanceNormalization.self)
            if subject.hasStatistics { return layer.scaledByStatistics(subject.channels, subject.epsilon) }
            return layer.add(
                "InstanceNormalization", [layer.input] + layer.scales(subject.channels),
                ["epsilon": .number(subject.epsilon)])
        },
        "LayerNorm": { layer in
            let subject = LayerTable.layer(layer, LayerNormalization.self)
            let scale =
                layer.tensor("weight")
                ?? layer.graph.constant(
                    "\(layer.name).ones", Array(repeating: 1, count: subject.extents.reduce(1, *)), subject.extents)
            return layer.add(
                "LayerNormalization", [layer.input, scale] + [layer.tensor("bias")].compactMap(\.self),
                ["axis": .integer(-subject.extents.count), "epsilon": .number(subject.epsilon)])
        },
        "RMSNorm": { layer in
            let subject = LayerTable.layer(layer, RootMeanSquareNormalization.self)
            let axes = (1...subject.extents.count).map { -$0 }
            let square = layer.add(
                "ReduceMean", [layer.add("Mul", [layer.input, layer.input])],
                ["axes": .integers(axes), "keepdims": .integer(1)])
            let root = layer.add("Sqrt", [layer.combined("Add", square, subject.epsilon ?? .ulpOfOne)])
            let normal = layer.add("Div", [layer.input, root])
            return layer.tensor("weight").map { layer.add("Mul", [normal, $0]) } ?? normal
        },
    ]

    private static let batchNormalization: Function = { layer in
        let subject = LayerTable.layer(layer, BatchNormalization.self)
        return layer.scaledByStatistics(subject.channels, subject.epsilon)
    }
}

extension WrittenLayer {
    /// The weight and the bias of a normalization: ones and zeros where it has none.
    fileprivate func scales(_ channels: Int) -> [String] {
        [tensor("weight") ?? repeated(1, "weight", channels), tensor("bias") ?? repeated(0, "bias", channels)]
    }

    /// By running statistics.
    fileprivate func scaledByStatistics(_ channels: Int, _ epsilon: Float) -> String {
        add(
            "BatchNormalization",
            [input] + scales(channels) + [tensor("running_mean"), tensor("running_var")].compactMap(\.self),
            ["epsilon": .number(epsilon)])
    }

    /// Times one tensor, plus another.
    fileprivate func scaled(_ value: String, _ weight: String, _ bias: String, _ extents: [Int]) -> String {
        let product = tensor(weight, extents).map { add("Mul", [value, $0]) } ?? value
        return tensor(bias, extents).map { add("Add", [product, $0]) } ?? product
    }
}

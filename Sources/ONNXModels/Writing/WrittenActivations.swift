import Neural

extension LayerTable {
    static let activations: [String: Function] = [
        "ReLU": plain("Relu"), "Tanh": plain("Tanh"), "Sigmoid": plain("Sigmoid"), "SELU": plain("Selu"),
        "Hardswish": plain("HardSwish"), "Softsign": plain("Softsign"), "exp": plain("Exp"), "log": plain("Log"),
        "sqrt": plain("Sqrt"), "reciprocal": plain("Reciprocal"), "abs": plain("Abs"), "neg": plain("Neg"),
        "erf": plain("Erf"), "sin": plain("Sin"), "cos": plain("Cos"), "sign": plain("Sign"), "round": plain("Round"),
        "floor": plain("Floor"), "ceil": plain("Ceil"),
        "LeakyReLU": { layer in layer.add("LeakyRelu", [layer.input], ["alpha": .number(layer.first)]) },
        "SiLU": { layer in layer.add("Mul", [layer.input, layer.add("Sigmoid", [layer.input])]) },
        "Softplus": { layer in
            let (beta, threshold) = (layer.first, layer.second)
            let scaled = beta == 1 ? layer.input : layer.combined("Mul", layer.input, beta)
            let soft = layer.add("Softplus", [scaled])
            let result = beta == 1 ? soft : layer.combined("Div", soft, beta)
            // Beyond 20 float32 tells no difference.
            guard threshold < 20 else { return result }
            return layer.add("Where", [layer.combined("Greater", scaled, threshold), layer.input, result])
        },
        "GELU": { layer in
            let x = layer.input
            let half = layer.combined("Mul", x, 0.5)
            guard layer.first != 0 else {
                let below = layer.add("Erf", [layer.combined("Mul", x, 0.707_106_77)])
                return layer.add("Mul", [half, layer.combined("Add", below, 1)])
            }
            let cube = layer.combined("Mul", layer.add("Mul", [layer.add("Mul", [x, x]), x]), 0.044_715)
            let bent = layer.add("Tanh", [layer.combined("Mul", layer.add("Add", [x, cube]), 0.797_884_56)])
            return layer.add("Mul", [half, layer.combined("Add", bent, 1)])
        },
        "ELU": { layer in layer.add("Elu", [layer.input], ["alpha": .number(layer.first)]) },
        "CELU": { layer in
            // α ELU(x / α), where both ends of it bend the same way.
            guard layer.first > 0 else {
                let below = layer.combined(
                    "Sub", layer.add("Exp", [layer.combined("Div", layer.input, layer.first)]), 1)
                return layer.add(
                    "Where",
                    [
                        layer.combined("Greater", layer.input, 0), layer.input,
                        layer.combined("Mul", below, layer.first),
                    ])
            }
            return layer.add("Celu", [layer.input], ["alpha": .number(layer.first)])
        },
        "Mish": { layer in
            layer.add("Mul", [layer.input, layer.add("Tanh", [layer.add("Softplus", [layer.input])])])
        },
        "Hardsigmoid": { layer in
            layer.add("HardSigmoid", [layer.input], ["alpha": .number(1 / 6), "beta": .number(0.5)])
        },
        "Hardtanh": { layer in layer.clipped(layer.first, layer.second) },
        "ReLU6": { layer in layer.clipped(0, 6) },
        "clamp": { layer in layer.clipped(layer.first, layer.second) },
        "LogSigmoid": { layer in layer.add("Neg", [layer.add("Softplus", [layer.add("Neg", [layer.input])])]) },
        "trunc": { layer in
            layer.add("Mul", [layer.add("Sign", [layer.input]), layer.add("Floor", [layer.add("Abs", [layer.input])])])
        },
        "PReLU": { layer in
            let count = LayerTable.layer(layer, PReLU.self).count
            let extents = [count] + Array(repeating: 1, count: layer.extents.count - 1)
            return layer.add("PRelu", [layer.input, layer.tensor("weight", extents) ?? ""])
        },
        "GLU": { layer in
            let axis = LayerTable.layer(layer, GatedLinearUnit.self).axis
            let halves = layer.graph.add(
                "Split", [layer.input], ["axis": .integer(axis)], name: layer.name, outputs: 2)
            return layer.add("Mul", [halves[0], layer.add("Sigmoid", [halves[1]])])
        },
        "Softmax": along("Softmax"), "LogSoftmax": along("LogSoftmax"),
    ]

    private static func plain(_ kind: String) -> Function { { layer in layer.add(kind, [layer.input]) } }

    private static func along(_ kind: String) -> Function {
        { layer in layer.add(kind, [layer.input], ["axis": .integer(LayerTable.layer(layer, Softmax.self).axis)]) }
    }
}

extension WrittenLayer {
    /// The function's two numbers.
    fileprivate var first: Float { LayerTable.layer(self, Activation.self).first }
    fileprivate var second: Float { LayerTable.layer(self, Activation.self).second }

    /// Between two ends, of which either may be infinite.
    fileprivate func clipped(_ least: Float, _ most: Float) -> String {
        add(
            "Clip",
            [input, least > -.infinity ? graph.number(least) : ""] + (most < .infinity ? [graph.number(most)] : []))
    }
}

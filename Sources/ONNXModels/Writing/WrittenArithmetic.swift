import Neural

extension LayerTable {
    static let arithmetic: [String: Function] = [
        "add": binary("Add"), "sub": binary("Sub"), "mul": binary("Mul"), "div": binary("Div"), "pow": binary("Pow"),
        "minimum": binary("Min"), "maximum": binary("Max"),
        "gt": comparison("Greater"), "ge": comparison("GreaterOrEqual"), "lt": comparison("Less"),
        "le": comparison("LessOrEqual"), "eq": comparison("Equal"),
        "ne": { layer in layer.asNumbers(layer.add("Not", [layer.pair("Equal")])) },
        "where": { layer in
            let values = layer.inputs.map(layer.graph.float)
            let condition = layer.add(
                "Cast", [values[0]], ["to": .integer(Int(GraphWriter.Element.boolean.rawValue))])
            return layer.add("Where", [condition] + values.dropFirst())
        },
    ]

    static let reductions: [String: Function] = [
        "mean": reduction("ReduceMean"), "amax": reduction("ReduceMax"), "amin": reduction("ReduceMin"),
        "sum": { layer in layer.summed(layer.input, layer.reduction) },
        "var": { layer in
            let subject = LayerTable.layer(layer, Reduction.self)
            let mean = layer.add(
                "ReduceMean", [layer.input], ["axes": .integers(subject.axes), "keepdims": .integer(1)])
            let rest = layer.add("Sub", [layer.input, mean])
            let sum = layer.summed(layer.add("Mul", [rest, rest]), subject)
            let count = layer.shapes[0].count / layer.output.count - subject.correction
            return layer.combined("Div", sum, Float(count))
        },
    ]

    private static func binary(_ kind: String) -> Function { { layer in layer.pair(kind) } }

    private static func comparison(_ kind: String) -> Function { { layer in layer.asNumbers(layer.pair(kind)) } }

    private static func reduction(_ kind: String) -> Function {
        { layer in
            let subject = layer.reduction
            return layer.add(
                kind, [layer.input],
                ["axes": .integers(subject.axes), "keepdims": .integer(subject.keepsAxes ? 1 : 0)])
        }
    }
}

extension WrittenLayer {
    fileprivate var reduction: Reduction { LayerTable.layer(self, Reduction.self) }

    /// A function of two values, or of a value and a number.
    fileprivate func pair(_ kind: String) -> String {
        if let number = LayerTable.layer(self, Binary.self).number { return combined(kind, input, number) }
        return add(kind, inputs.map(graph.float))
    }

    fileprivate func summed(_ value: String, _ subject: Reduction) -> String {
        add(
            "ReduceSum", [value, graph.list(subject.axes)], ["keepdims": .integer(subject.keepsAxes ? 1 : 0)])
    }
}

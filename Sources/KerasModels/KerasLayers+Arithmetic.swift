import Importing
import JSON
import Neural

extension KerasLayers {
    /// Functions on values: Keras 3's operations, which stand as layers of their names, and TensorFlow's in Keras 2.
    static let arithmetic: [String: Make] = {
        func unary(_ kind: String) -> Make {
            { (operands, builder) throws(ImportProblem) in
                [try builder.map(kind, [:], try operands.single(), operands.layer)]
            }
        }
        func binary(_ kind: String) -> Make {
            { (operands, builder) throws(ImportProblem) in [try builder.arithmetic(operands, kind)] }
        }
        func named(_ name: String) -> Make {
            { (operands, builder) throws(ImportProblem) in
                [try builder.activation(named: name, try operands.single(), operands.layer)]
            }
        }
        return [
            "Exp": unary("exp"), "Sqrt": unary("sqrt"), "Log": unary("log"), "Absolute": unary("abs"),
            "Abs": unary("abs"), "Negative": unary("neg"), "Sin": unary("sin"), "Cos": unary("cos"),
            "Tanh": named("tanh"), "Sigmoid": named("sigmoid"), "Relu": named("relu"), "Relu6": named("relu6"),
            "Silu": named("silu"), "Softplus": named("softplus"), "Softsign": named("softsign"),
            "Selu": named("selu"), "HardSigmoid": named("hard_sigmoid"),
            "Square": { (operands, builder) throws(ImportProblem) in
                let value = try operands.single()
                let made = try builder.add("mul", [value.engine, value.engine], operands.layer)
                return [KerasValue(made, value.shape, value.order)]
            },
            "Divide": binary("div"), "TrueDivide": binary("div"), "Power": binary("pow"),
            "Clip": { (operands, builder) throws(ImportProblem) in [try builder.clip(operands)] },
            "Cast": { (operands, builder) throws(ImportProblem) in [try builder.cast(operands)] },
            "TensorFlowOpLayer": { (operands, builder) throws(ImportProblem) in
                try builder.tensorFlowFunction(operands)
            },
            "TFOpLambda": { (operands, builder) throws(ImportProblem) in
                try builder.tensorFlowFunction(operands)
            },
        ]
    }()

    /// TensorFlow's names for what Keras has too.
    fileprivate static let tensorFlow = [
        "add": "Add", "subtract": "Subtract", "multiply": "Multiply", "divide": "Divide", "truediv": "Divide",
        "__add__": "Add", "__sub__": "Subtract", "__mul__": "Multiply", "__truediv__": "Divide", "sub": "Subtract",
        "mul": "Multiply", "__radd__": "Add", "__rmul__": "Multiply", "pow": "Power", "exp": "Exp", "sqrt": "Sqrt",
        "log": "Log", "abs": "Abs", "negative": "Negative", "square": "Square", "tanh": "Tanh", "sigmoid": "Sigmoid",
        "relu": "Relu", "relu6": "Relu6", "silu": "Silu", "swish": "Silu", "softplus": "Softplus",
        "softsign": "Softsign", "selu": "Selu", "clip_by_value": "Clip", "cast": "Cast", "identity": "Cast",
        "maximum": "Maximum", "minimum": "Minimum", "leaky_relu": "LeakyRelu", "elu": "Elu", "gelu": "Gelu",
        "split": "Split", "depth_to_space": "DepthToSpace", "resize": "Resize", "reshape": "Reshape",
        "concat": "Concatenate", "addv2": "Add", "realdiv": "Divide", "neg": "Negative",
    ]
}

extension KerasBuilder {
    /// A function of two operands, of which one may be a number.
    mutating func arithmetic(_ operands: KerasOperands, _ kind: String) throws(ImportProblem) -> KerasValue {
        let left = operands.operand(0, "x", "x1", "a")
        let right = operands.operand(1, "y", "x2", "b")
        switch (left, right) {
        case (.value(let left), .value(let right)):
            let values = try aligned([left, right])
            guard let shape = KerasBuilder.broadcast(values[0].shape, values[1].shape) else {
                throw operands.settings.unsupported("values of different ranks are not supported")
            }
            return KerasValue(
                try add(kind, values.map(\.engine), operands.layer), shape, values[0].order)
        case (.value(let value), .number(let number)):
            switch kind {
            case "pow": return try map("pow", ["exponent": .number(number)], value, operands.layer)
            case "maximum": return try map("clamp", ["min": .number(number)], value, operands.layer)
            case "minimum": return try map("clamp", ["max": .number(number)], value, operands.layer)
            default: return try map(kind, ["other": .number(number)], value, operands.layer)
            }
        case (.number(let number), .value(let value)):
            switch kind {
            case "add", "mul": return try map(kind, ["other": .number(number)], value, operands.layer)
            case "sub":
                let negative = try map("neg", [:], value, operands.layer)
                return try map("add", ["other": .number(number)], negative, operands.layer)
            case "div":
                let inverse = try map("reciprocal", [:], value, operands.layer)
                return try map("mul", ["other": .number(number)], inverse, operands.layer)
            case "maximum": return try map("clamp", ["min": .number(number)], value, operands.layer)
            case "minimum": return try map("clamp", ["max": .number(number)], value, operands.layer)
            default: break
            }
        case (.value(let value), nil) where operands.values.count == 1 && ["add", "mul"].contains(kind):
            // A sum of one.
            return value
        default: break
        }
        throw operands.settings.unsupported("these operands are not supported")
    }

    /// A function of TensorFlow's, by the name that Keras 2 gives it: `math.multiply`.
    fileprivate mutating func tensorFlowFunction(_ operands: KerasOperands) throws(ImportProblem) -> [KerasValue] {
        let function = operands.settings.text("function", operands.layer.name)
        let word = function.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard let kind = KerasLayers.tensorFlow[word], let make = KerasLayers.table[kind] else {
            throw operands.settings.unsupported("the function \(function.shortened) is not supported")
        }
        if operands.layer.className == "TensorFlowOpLayer" {
            try KerasVocabulary.check(attributes: operands.settings.attributes, of: operands.layer)
        } else {
            try operands.check(as: kind)
        }
        // TensorFlow 1's takes other pixels.
        guard kind != "Resize" || !function.hasPrefix("compat.v1") else {
            throw operands.settings.unsupported("the function \(function.shortened) is not supported")
        }
        return try make(operands, &self)
    }

    /// To another type of numbers: whole ones are cut off toward 0.
    fileprivate mutating func cast(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let value = try operands.single()
        // A function's settings say its type, a layer's that of its own numbers.
        let isFunction = operands.layer.className == "Cast"
        let type =
            operands.json(1, "dtype")
            ?? (isFunction ? operands.settings["dtype"] : operands.settings.attributes["DstT"])
        guard let name = type.map({ $0.string ?? $0.object?["type"]?.string ?? $0.compactText }) else { return value }
        let word = name.lowercased().split { ".'<>: ".contains($0) }.last { $0 != "tf" } ?? ""
        if ["float", "double", "half", "bfloat"].contains(where: word.replacing("dt_", with: "").hasPrefix) {
            return value
        }
        // A label's number is a whole one already.
        if let source = operands.source, KerasLabels.embedding(of: source, in: graph) != nil { return value }
        guard ["int32", "int64", "dt_int32", "dt_int64"].contains(String(word)) else {
            throw operands.settings.unsupported("numbers of type \(name.shortened) are not supported")
        }
        return try map("trunc", [:], value, operands.layer)
    }

    fileprivate mutating func clip(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let value = try operands.single()
        var bounds: [Float?] = [nil, nil]
        for (place, names) in [("x_min", "clip_value_min"), ("x_max", "clip_value_max")].enumerated() {
            if case .number(let number)? = operands.operand(place + 1, names.0, names.1) {
                bounds[place] = number
            } else if operands.settings[names.0] != nil {
                bounds[place] = try operands.settings.number(names.0, 0)
            }
        }
        guard let low = bounds[0], let high = bounds[1], low <= high else {
            throw operands.settings.unsupported("bounds that are no numbers are not supported")
        }
        return try map("clamp", ["min": .number(low), "max": .number(high)], value, operands.layer)
    }
}

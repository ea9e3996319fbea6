import Importing
import JSON
import Neural

extension KerasLayers {
    static let activations: [String: Make] = [
        "Activation": { (operands, builder) throws(ImportProblem) in
            [try builder.activation(of: operands, try operands.single())]
        },
        "ReLU": { (operands, builder) throws(ImportProblem) in
            [try builder.rectifier(operands.settings, try operands.single(), operands.layer)]
        },
        "LeakyReLU": { (operands, builder) throws(ImportProblem) in
            [try builder.leakyRectifier(operands.settings, try operands.single(), operands.layer)]
        },
        "ELU": { (operands, builder) throws(ImportProblem) in
            let alpha = try operands.settings.number("alpha", 1)
            return [try builder.map("ELU", ["alpha": .number(alpha)], try operands.single(), operands.layer)]
        },
        "Softmax": { (operands, builder) throws(ImportProblem) in
            let axes = try operands.settings.integers("axis") ?? [-1]
            guard axes.count == 1 else { throw operands.settings.unsupported("several axes are not supported") }
            return [try builder.softmax(try operands.single(), axis: axes[0], operands.layer)]
        },
        "PReLU": { (operands, builder) throws(ImportProblem) in [try builder.learnedRectifier(operands)] },
    ]
}

extension KerasBuilder {
    /// The function that a layer ends with.
    mutating func activation(of operands: KerasOperands, _ value: KerasValue) throws(ImportProblem) -> KerasValue {
        guard let setting = operands.settings["activation"] else { return value }
        if let name = setting.string { return try activation(named: name, value, operands.layer) }
        guard let object = setting.object else { throw operands.settings.wrong("activation") }
        let className = KerasLayer.className(
            object["class_name"]?.string ?? "",
            module: object["module"]?.string.flatMap { $0 == "builtins" ? nil : $0 },
            registeredName: object["registered_name"]?.string)
        // A function with its module, or a layer as a function.
        if let name = object["config"]?.string, !className.contains(">") {
            return try activation(named: name, value, operands.layer)
        }
        let inner = KerasLayer(
            className: className, name: operands.layer.name, config: object["config"]?.object ?? [:], network: nil)
        // One with weights would need to say where they are.
        guard className != "PReLU", let make = KerasLayers.activations[className] else {
            return try activation(named: className, value, operands.layer)
        }
        try KerasVocabulary.check(inner)
        return try make(KerasOperands(inner, value), &self)[0]
    }

    /// Whether the function that a layer ends with looks at each element by itself.
    func isActivationPointwise(_ operands: KerasOperands) -> Bool {
        guard let setting = operands.settings["activation"] else { return true }
        if let object = setting.object {
            return ["ReLU", "LeakyReLU", "ELU"].contains(object["class_name"]?.string)
        }
        return setting.string.map { !["softmax", "log_softmax"].contains($0) } ?? false
    }

    /// One of Keras's functions by its name.
    mutating func activation(
        named name: String, _ value: KerasValue, _ layer: KerasLayer
    ) throws(ImportProblem) -> KerasValue {
        switch name.lowercased() {
        case "linear": return value
        case "relu": return try map("ReLU", value, layer)
        case "relu6": return try map("ReLU6", value, layer)
        case "sigmoid": return try map("Sigmoid", value, layer)
        case "tanh": return try map("Tanh", value, layer)
        case "softmax": return try softmax(value, axis: -1, layer)
        case "log_softmax":
            return try softmax(value, axis: -1, layer, "LogSoftmax")
        case "softplus": return try map("Softplus", value, layer)
        case "softsign": return try map("Softsign", value, layer)
        case "elu": return try map("ELU", value, layer)
        case "selu": return try map("SELU", value, layer)
        case "celu": return try map("CELU", value, layer)
        case "gelu": return try map("GELU", value, layer)
        case "swish", "silu": return try map("SiLU", value, layer)
        case "mish": return try map("Mish", value, layer)
        case "log_sigmoid": return try map("LogSigmoid", value, layer)
        case "hard_silu", "hard_swish": return try map("Hardswish", value, layer)
        case "hard_tanh": return try map("Hardtanh", value, layer)
        case "exponential": return try map("exp", value, layer)
        case "leaky_relu": return try map("LeakyReLU", ["negative_slope": .number(0.2)], value, layer)
        case "hard_sigmoid":
            if isModern { return try map("Hardsigmoid", value, layer) }
            // Keras 2 has another slope.
            let scaled = try map("mul", ["other": .number(0.2)], value, layer)
            let moved = try map("add", ["other": .number(0.5)], scaled, layer)
            return try map("clamp", ["min": .number(0), "max": .number(1)], moved, layer)
        default:
            throw ImportProblem(
                .unsupported, "\(layer.title): the activation \(name.shortened) is not known",
                advice: KerasAdvice.export)
        }
    }

    private mutating func map(
        _ kind: String, _ value: KerasValue, _ layer: KerasLayer
    ) throws(ImportProblem) -> KerasValue { try map(kind, [:], value, layer) }

    fileprivate mutating func softmax(
        _ value: KerasValue, axis: Int, _ layer: KerasLayer, _ kind: String = "Softmax"
    ) throws(ImportProblem) -> KerasValue {
        let value = if case .flat = value.order { try plain(value) } else { value }
        guard let place = value.engineAxis(axis) else {
            throw KerasSettings(layer).problem("has no axis \(axis)")
        }
        return try map(kind, ["dim": .integer(place)], value, layer)
    }

    fileprivate mutating func rectifier(
        _ settings: KerasSettings, _ value: KerasValue, _ layer: KerasLayer
    ) throws(ImportProblem) -> KerasValue {
        let slope = try settings.number("negative_slope", 0)
        let threshold = try settings.number("threshold", 0)
        var result = value
        if threshold != 0 {
            guard slope == 0 else {
                throw settings.unsupported("a slope below a threshold is not supported")
            }
            let mask = try map("ge", ["other": .number(threshold)], value, layer)
            result = KerasValue(try add("mul", [value.engine, mask.engine], layer), value.shape, value.order)
        } else if slope != 0 {
            result = try map("LeakyReLU", ["negative_slope": .number(slope)], value, layer)
        } else {
            result = try map("ReLU", value, layer)
        }
        guard settings["max_value"] != nil else { return result }
        return try map("clamp", ["max": .number(try settings.number("max_value", 0))], result, layer)
    }

    /// Keras 2 called the slope alpha; both have the same default.
    fileprivate mutating func leakyRectifier(
        _ settings: KerasSettings, _ value: KerasValue, _ layer: KerasLayer
    ) throws(ImportProblem) -> KerasValue {
        let old = try settings.number("alpha", 0.3)
        return try map(
            "LeakyReLU", ["negative_slope": .number(try settings.number("negative_slope", old))], value, layer)
    }

    /// x where it is above 0, else α x; α has Keras's shape, with extents of 1 where it is shared.
    fileprivate mutating func learnedRectifier(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let alpha = try variables(operands)[0]
        var value = try operands.single()
        if case .flat = value.order { value = try plain(value) }
        let slopes = try parameter(alpha, shape: alpha.shape, for: value, operands)
        let above = try map("ReLU", value, operands.layer)
        let below = try map("clamp", ["max": .number(0)], value, operands.layer)
        let scaled = try add("mul", [below.engine, slopes], operands.layer)
        return KerasValue(try add("add", [above.engine, scaled], operands.layer), value.shape, value.order)
    }

    /// A variable of the value's rank, with extents of 1 or the value's, as a constant in the value's order.
    mutating func parameter(
        _ tensor: KerasTensor, shape: [Int], for value: KerasValue, _ operands: KerasOperands
    ) throws(ImportProblem) -> GraphAssembly.Value {
        guard shape.count == value.shape.count, shape.reduce(1, *) == tensor.values.count,
            zip(shape, value.shape).allSatisfy({ $0 == 1 || $0 == $1 })
        else { throw operands.settings.problem("has weights of \(tensor.shape), which \(value.shape) does not fit") }
        guard value.order == .image else { return try constant(tensor.values, shape, operands.layer) }
        let places = channelsFirstPlaces(height: shape[0], width: shape[1], channels: shape[2])
        return try constant(places.map { tensor.values[$0] }, [shape[2], shape[0], shape[1]], operands.layer)
    }
}

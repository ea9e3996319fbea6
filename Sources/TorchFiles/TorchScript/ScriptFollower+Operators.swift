import Importing
import Neural

/// PyTorch's functions, each as the layer that it is.
extension ScriptFollower {
    /// - Returns: nil for a function that is none of PyTorch's, or whose arguments are not those expected.
    mutating func apply(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        if let value = try plain(call) { return value }
        guard ScriptSignature.isPyTorchs(call.name) else { return nil }
        if let value = try activation(call) { return value }
        if let value = try weighted(call) { return value }
        if let value = try arithmetic(call) { return value }
        if let value = try summary(call) { return value }
        if let value = try shaping(call) { return value }
        return try picture(call)
    }

    /// Functions of one value without settings, and the layers that they are.
    private static let unary = [
        "relu": "ReLU", "sigmoid": "Sigmoid", "tanh": "Tanh", "silu": "SiLU", "selu": "SELU", "mish": "Mish",
        "relu6": "ReLU6", "hardsigmoid": "Hardsigmoid", "hardswish": "Hardswish", "softsign": "Softsign",
        "log_sigmoid": "LogSigmoid", "logsigmoid": "LogSigmoid", "exp": "exp", "log": "log", "sqrt": "sqrt",
        "abs": "abs", "neg": "neg", "reciprocal": "reciprocal", "erf": "erf", "sin": "sin", "cos": "cos",
        "sign": "sign", "floor": "floor", "ceil": "ceil", "trunc": "trunc",
    ]

    private mutating func activation(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        guard let input = call.input else { return nil }
        if let name = Self.unary[call.word] { return try add(name, [], [input]) }
        func number(_ keyword: String, _ standard: Float) -> Setting { .number(call.number(keyword) ?? standard) }
        switch call.word {
        case "leaky_relu":
            return try add("LeakyReLU", [("negative_slope", number("negative_slope", 0.01))], [input])
        case "rrelu":
            // Between its bounds when it does not train.
            let slope = ((call.number("lower") ?? 0.125) + (call.number("upper") ?? 1 / 3)) / 2
            return try add("LeakyReLU", [("negative_slope", .number(slope))], [input])
        case "elu": return try add("ELU", [("alpha", number("alpha", 1))], [input])
        case "celu": return try add("CELU", [("alpha", number("alpha", 1))], [input])
        case "softplus":
            return try add("Softplus", [("beta", number("beta", 1)), ("threshold", number("threshold", 20))], [input])
        case "hardtanh":
            return try add(
                "Hardtanh", [("min_val", number("min_val", -1)), ("max_val", number("max_val", 1))], [input])
        case "gelu": return try add("GELU", [("approximate", call.setting("approximate") ?? .text("none"))], [input])
        case "glu": return try add("GLU", [("dim", .integer(call.integer("dim") ?? -1))], [input])
        case "softmax", "log_softmax":
            guard let axis = call.integer("dim") else { return nil }
            return try add(call.word == "softmax" ? "Softmax" : "LogSoftmax", [("dim", .integer(axis))], [input])
        case "clamp", "clip", "clamp_min", "clamp_max":
            let bounds = ["min", "max"].map { word in call.number(word).map(Setting.number) ?? .none }
            guard bounds != [.none, .none] else { return nil }
            return try add("clamp", [("min", bounds[0]), ("max", bounds[1])], [input])
        case "threshold", "_threshold":
            guard let threshold = call.number("threshold"), let value = call.number("value") else { return nil }
            let isAbove = try add("gt", [("other", .number(threshold))], [input])
            return try chosen(isAbove, .computed(input), .setting(.number(value)))
        case "prelu":
            guard let weight = call.tensor("weight") else { return nil }
            return try add("PReLU", [("num_parameters", .integer(weight.values.count))], [input], ["weight": weight])
        case "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout", "alpha_dropout",
            "feature_alpha_dropout":
            call.ignore("p", "train")
            return call["input"]
        case "contiguous", "detach", "alias", "requires_grad", "float", "double", "half": return call["input"]
        // What is written over a copy leaves the original.
        case "clone": return try add("Identity", [], [input])
        case "type_as":
            call.ignore("other")
            return call["input"]
        case "to": return try converted(call)
        default: return nil
        }
    }

    /// Another place, or another type of floats.
    private func converted(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        for place in 1..<max(2, call.count) {
            // A place is a text or a number; truth values say how it is copied.
            if case .setting(.integer(let type))? = call[place], !ScriptSignature.floatTypes.contains(type),
                place < 3
            {
                throw unsupported("a conversion to whole numbers")
            }
        }
        return call["input"]
    }

    private mutating func weighted(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        switch call.word {
        case "t", "transpose", "numpy_T":
            guard let tensor = call.tensor("input"), tensor.extents.count == 2 else { return nil }
            call.ignore("dim0", "dim1")
            return .constant(tensor.transposed)
        case "linear":
            guard let input = call.input, let weight = call.tensor("weight") else { return nil }
            return try linear(input, weight, call.tensor("bias"))
        case "addmm":
            guard let input = call.value("mat1"), let weight = call.tensor("mat2"), weight.extents.count == 2,
                let bias = call.tensor("input")
            else { return nil }
            return try linear(input, weight.transposed, bias)
        case "mm", "matmul", "bmm":
            guard let input = call.input else { return nil }
            if let other = call.value("mat2") { return try add("matmul", [], [input, other]) }
            guard let weight = call.tensor("mat2"), weight.extents.count == 2 else { return nil }
            return try linear(input, weight.transposed, nil)
        case "cumsum": return try cumulated(call)
        case "_convolution": return try convolution(call, isTransposed: call.flag("transposed") ?? false)
        case "conv2d", "_convolution_mode": return try convolution(call, isTransposed: false)
        case "conv_transpose2d": return try convolution(call, isTransposed: true)
        case "batch_norm", "instance_norm", "group_norm", "layer_norm": return try normalization(call)
        default: return nil
        }
    }

    /// Sums along a vector, as a product with a triangle of ones.
    private mutating func cumulated(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        guard let input = call.input, let axis = call.integer("dim"), assembly.shape(of: input).extents.count == 1,
            axis == 1 || axis == -1
        else { return nil }
        let count = assembly.shape(of: input).count
        guard count <= 1024 else { return nil }
        let values = (0..<count).flatMap { row in (0..<count).map { $0 <= row ? Float(1) : 0 } }
        return try linear(input, Tensor(extents: [count, count], values: values), nil)
    }

    private mutating func normalization(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        guard let input = call.input else { return nil }
        let channels = assembly.shape(of: input).extents[0]
        let tensors = ["weight": call.tensor("weight"), "bias": call.tensor("bias")].compactMapValues(\.self)
        let epsilon = Setting.number(call.number("eps") ?? 1e-5)
        switch call.word {
        case "batch_norm":
            return try batchNormalization(
                input, tensors, mean: call.tensor("running_mean"), variance: call.tensor("running_var"),
                epsilon: epsilon)
        case "instance_norm":
            if call.flag("use_input_stats") == false {
                return try batchNormalization(
                    input, tensors, mean: call.tensor("running_mean"), variance: call.tensor("running_var"),
                    epsilon: epsilon)
            }
            call.ignore("running_mean", "running_var")
            return try instanceNormalization(input, tensors, epsilon: epsilon)
        case "group_norm":
            guard let groups = call.integer("num_groups") else { return nil }
            return try add(
                "GroupNorm",
                [
                    ("num_groups", .integer(groups)), ("num_channels", .integer(channels)), ("eps", epsilon),
                    ("affine", .boolean(!tensors.isEmpty)),
                ], [input], tensors)
        default:
            guard let shape = call.integers("normalized_shape") else { return nil }
            return try add(
                "LayerNorm",
                [
                    ("normalized_shape", .integers(shape)), ("eps", epsilon),
                    ("elementwise_affine", .boolean(!tensors.isEmpty)), ("bias", .boolean(tensors["bias"] != nil)),
                ], [input], tensors)
        }
    }
}

extension Tensor {
    /// A matrix with rows and columns exchanged.
    fileprivate var transposed: Tensor {
        let (rows, columns) = (extents[0], extents[1])
        let values = (0..<columns).flatMap { column in (0..<rows).map { self.values[$0 * columns + column] } }
        return Tensor(extents: [columns, rows], values: values)
    }
}

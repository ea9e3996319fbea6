import Importing
import Neural

/// PyTorch's functions, each as the layer that it is.
extension ScriptFollower {
    /// - Returns: nil for a function that is none of PyTorch's, or whose arguments are not those expected.
    mutating func apply(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        if let value = try plain(call) { return value }
        guard call.name.hasPrefix("torch.") || call.name.hasPrefix("__torch__.torch.nn.functional.") else { return nil }
        if let value = try activation(call) { return value }
        if let value = try weighted(call) { return value }
        if let value = try arithmetic(call) { return value }
        if let value = try shaping(call) { return value }
        return try picture(call)
    }

    /// What works on numbers, lists and types when the code runs.
    private mutating func plain(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        switch (call.name, call.arguments.first) {
        case ("annotate", _), ("unchecked_cast", _): return call.arguments.last
        case ("ops.prim.NumToTensor", let value?), ("int", let value?), ("float", let value?), ("bool", let value?),
            ("torch.scalar_tensor", let value?), ("torch.Int", let value?):
            if case .computed = value { return nil }
            return value
        case ("torch.__is__", let value?), ("torch.__isnot__", let value?):
            guard call.arguments.count == 2, case .setting(.none) = call.arguments[1] else { return nil }
            let isNone = if case .setting(.none) = value { true } else { false }
            return .setting(.boolean(isNone == (call.name == "torch.__is__")))
        case ("torch.__not__", .setting(.boolean(let flag))?): return .setting(.boolean(!flag))
        case ("torch.size", let value?): return size(value, axis: call.setting(1))
        case ("torch.len", let value?): return elements(value).map { .setting(.integer($0.count)) }
        case ("torch.dim", .computed(let value)?):
            return .setting(.integer(assembly.shape(of: value).extents.count + 1))
        case ("ops.prim.RaiseException", _): throw unsupported("an error that it raises")
        case ("uninitialized", _): return .setting(.none)
        case ("torch.format", _): return .setting(.text(""))
        case ("torch.list", let value?): return value
        case ("torch.slice", let value?):
            guard let list = elements(value), let start = call.integer(1), (0...list.count).contains(start) else {
                return nil
            }
            return call.arguments.count == 2 ? .list(Array(list[start...])) : nil
        case ("torch.add", let value?) where elements(value) != nil:
            guard let list = elements(value), let more = call[1].flatMap(elements), more.count + list.count < 1000
            else {
                return nil
            }
            return .list(list + more)
        case ("torch.eq", .setting(let one)?), ("torch.ne", .setting(let one)?):
            guard case .setting(let other)? = call[1] else { return .setting(.boolean(call.name == "torch.ne")) }
            return .setting(.boolean((one == other) == (call.name == "torch.eq")))
        default: return compared(call)
        }
    }

    /// Sizes compared; a number of samples, or what is computed of it, counts as larger than all others.
    private func compared(_ call: ScriptCall) -> Value? {
        func number(_ place: Int) -> Float? {
            if case .batch? = call[place] { .infinity } else { call.number(place) }
        }
        guard call.arguments.count == 2, let one = number(0), let other = number(1) else { return nil }
        switch call.name {
        case "torch.eq": return .setting(.boolean(one == other))
        case "torch.ne": return .setting(.boolean(one != other))
        case "torch.lt": return .setting(.boolean(one < other))
        case "torch.gt": return .setting(.boolean(one > other))
        case "torch.le": return .setting(.boolean(one <= other))
        case "torch.ge": return .setting(.boolean(one >= other))
        case "torch.mul" where one == .infinity || other == .infinity: return .batch
        default: return nil
        }
    }

    /// The extents of a value with its batch, or one of them.
    private func size(_ value: Value, axis: Setting?) -> Value? {
        let sizes: [Value]
        switch value {
        case .computed(let value): sizes = [.batch] + assembly.shape(of: value).extents.map { .setting(.integer($0)) }
        case .constant(let tensor): sizes = tensor.extents.map { .setting(.integer($0)) }
        default: return nil
        }
        guard case .integer(let axis)? = axis else { return .list(sizes) }
        let place = axis < 0 ? axis + sizes.count : axis
        return sizes.indices.contains(place) ? sizes[place] : nil
    }

    private mutating func activation(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        let names = [
            "relu": "ReLU", "sigmoid": "Sigmoid", "tanh": "Tanh", "silu": "SiLU", "selu": "SELU", "mish": "Mish",
            "relu6": "ReLU6", "hardsigmoid": "Hardsigmoid", "hardswish": "Hardswish", "softsign": "Softsign",
            "log_sigmoid": "LogSigmoid", "logsigmoid": "LogSigmoid", "exp": "exp", "log": "log", "sqrt": "sqrt",
            "abs": "abs",
            "neg": "neg", "reciprocal": "reciprocal", "erf": "erf", "sin": "sin", "cos": "cos", "sign": "sign",
            "round": "round", "floor": "floor", "ceil": "ceil",
        ]
        guard let input = call.value(0) else { return nil }
        if let name = names[call.word] { return try add(name, [], [input]) }
        func number(_ place: Int, _ keyword: String, _ standard: Float) -> Setting {
            .number(call.number(place, keyword) ?? standard)
        }
        switch call.word {
        case "leaky_relu": return try add("LeakyReLU", [("negative_slope", number(1, "negative_slope", 0.01))], [input])
        case "elu": return try add("ELU", [("alpha", number(1, "alpha", 1))], [input])
        case "celu": return try add("CELU", [("alpha", number(1, "alpha", 1))], [input])
        case "softplus":
            return try add(
                "Softplus", [("beta", number(1, "beta", 1)), ("threshold", number(2, "threshold", 20))], [input])
        case "hardtanh":
            return try add(
                "Hardtanh", [("min_val", number(1, "min_val", -1)), ("max_val", number(2, "max_val", 1))], [input])
        case "gelu": return try add("GELU", [("approximate", call.setting(1, "approximate") ?? .text("none"))], [input])
        case "glu": return try add("GLU", [("dim", .integer(call.integer(1, "dim") ?? -1))], [input])
        case "softmax": return try add("Softmax", [("dim", .integer(call.integer(1, "dim") ?? 1))], [input])
        case "log_softmax": return try add("LogSoftmax", [("dim", .integer(call.integer(1, "dim") ?? 1))], [input])
        case "clamp", "clip":
            return try add(
                "clamp", [("min", call.setting(1, "min") ?? .none), ("max", call.setting(2, "max") ?? .none)], [input])
        case "prelu":
            guard let weight = call.tensor(1) else { return nil }
            return try add("PReLU", [("num_parameters", .integer(weight.values.count))], [input], ["weight": weight])
        case "dropout", "feature_dropout", "alpha_dropout", "dropout2d", "contiguous", "detach", "clone", "alias", "to",
            "type_as", "requires_grad", "float":
            return call.arguments[0]
        default: return nil
        }
    }

    private mutating func weighted(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        switch call.word {
        case "t", "transpose", "numpy_T":
            guard let tensor = call.tensor(0), tensor.extents.count == 2 else { return nil }
            return .constant(tensor.transposed)
        case "linear":
            guard let input = call.value(0), let weight = call.tensor(1) else { return nil }
            return try linear(input, weight, call.tensor(2))
        case "addmm":
            guard let input = call.value(1), let weight = call.tensor(2), weight.extents.count == 2 else { return nil }
            return try linear(input, weight.transposed, call.tensor(0))
        case "mm", "matmul":
            guard let input = call.value(0), let weight = call.tensor(1), weight.extents.count == 2 else { return nil }
            return try linear(input, weight.transposed, nil)
        case "_convolution":
            return try convolution(call, isTransposed: call.flag(6) ?? false, (3, 4, 5, 7, 8))
        case "conv2d": return try convolution(call, isTransposed: false, (3, 4, 5, 99, 6))
        case "conv_transpose2d": return try convolution(call, isTransposed: true, (3, 4, 7, 5, 6))
        case "batch_norm": return try batchNormalization(call)
        case "group_norm":
            guard let input = call.value(0), let groups = call.integer(1, "num_groups") else { return nil }
            let channels = assembly.shape(of: input).extents[0]
            let tensors = Self.affine(call.tensor(2, "weight"), call.tensor(3, "bias"))
            return try add(
                "GroupNorm",
                [
                    ("num_groups", .integer(groups)), ("num_channels", .integer(channels)),
                    ("eps", .number(call.number(4, "eps") ?? 1e-5)), ("affine", .boolean(!tensors.isEmpty)),
                ], [input], tensors)
        case "layer_norm":
            guard let input = call.value(0), let shape = call.integers(1, "normalized_shape") else { return nil }
            let tensors = Self.affine(call.tensor(2, "weight"), call.tensor(3, "bias"))
            return try add(
                "LayerNorm",
                [
                    ("normalized_shape", .integers(shape)), ("eps", .number(call.number(4, "eps") ?? 1e-5)),
                    ("elementwise_affine", .boolean(!tensors.isEmpty)), ("bias", .boolean(tensors["bias"] != nil)),
                ], [input], tensors)
        default: return nil
        }
    }

    /// `torch.batch_norm` has the weights first, `torch.nn.functional.batch_norm` the statistics.
    private mutating func batchNormalization(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        guard let input = call.value(0) else { return nil }
        let isFunctional = call.name.hasPrefix("__torch__.")
        return try batchNormalization(
            input, weight: call.tensor(isFunctional ? 3 : 1), bias: call.tensor(isFunctional ? 4 : 2),
            mean: call.tensor(isFunctional ? 1 : 3), variance: call.tensor(isFunctional ? 2 : 4),
            epsilon: call.setting(7))
    }

    private static func affine(_ weight: Tensor?, _ bias: Tensor?) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        tensors["weight"] = weight
        tensors["bias"] = bias
        return tensors
    }

    private mutating func arithmetic(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        switch call.word {
        case "randn_like", "normal", "randn", "rand_like":
            guard
                case .computed(let like)? = call.arguments.first(where: {
                    if case .computed = $0 { true } else { false }
                })
            else { return nil }
            let value = assembly.input("noise", assembly.shape(of: like))
            noise.append(value)
            return .computed(value)
        case "zeros_like", "ones_like":
            guard let input = call.value(0) else { return nil }
            let zeros = try add("mul", [("other", .number(0))], [input])
            guard call.word == "ones_like", case .computed(let value) = zeros else { return zeros }
            return try add("add", [("other", .number(1))], [value])
        case "pow":
            guard let input = call.value(0), let exponent = call.number(1) else { return nil }
            return try add("pow", [("exponent", .number(exponent))], [input])
        case "square":
            guard let input = call.value(0) else { return nil }
            return try add("mul", [], [input, input])
        case "rsub":
            guard let input = call.value(0), let other = call.number(1),
                case .computed(let negative) = try add("neg", [], [input])
            else { return nil }
            return try add("add", [("other", .number(other))], [negative])
        case "add", "sub", "mul", "div":
            if let one = call.number(0), let other = call.number(1) { return numbers(call.word, one, other) }
            guard (call.number(2, "alpha") ?? 1) == 1 else { return nil }
            return try binary(call)
        default: return nil
        }
    }

    private mutating func binary(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        if let input = call.value(0), let other = call.number(1) {
            return try add(call.word, [("other", .number(other))], [input])
        }
        // A constant of one number is a number.
        if let input = call.value(0), let other = call.tensor(1), other.values.count == 1 {
            return try add(call.word, [("other", .number(other.values[0]))], [input])
        }
        if let input = call.value(1), call.word == "mul" || call.word == "add",
            let other = call.number(0) ?? call.tensor(0).flatMap({ $0.values.count == 1 ? $0.values[0] : nil })
        {
            return try add(call.word, [("other", .number(other))], [input])
        }
        guard let one = try computed(call[0]), let other = try computed(call[1]) else { return nil }
        return try add(call.word, [], [one, other])
    }

    /// Arithmetic of sizes.
    private func numbers(_ word: String, _ one: Float, _ other: Float) -> Value? {
        let result: Float
        switch word {
        case "add": result = one + other
        case "sub": result = one - other
        case "mul": result = one * other
        default: result = one / other
        }
        let isWhole = result == result.rounded() && abs(result) < 0x1p24
        return .setting(isWhole ? .integer(Int(result)) : .number(result))
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

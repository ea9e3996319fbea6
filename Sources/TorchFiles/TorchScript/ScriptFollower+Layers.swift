import Importing
import Neural

extension ScriptFollower {
    /// Adds a layer by its name and keywords, as `torch.nn` has them.
    mutating func add(
        _ kind: String, _ settings: [(name: String, value: Setting)], _ inputs: [GraphAssembly.Value],
        _ tensors: [String: Tensor] = [:]
    ) throws(ImportProblem) -> Value {
        guard let entry = LayerCatalog.entry(named: kind) else { throw unsupported(kind) }
        let operation: Neural.Operation
        do { operation = try entry.make(settings) } catch { throw unsupported("\(kind) (\(error))") }
        return .computed(try assembly.add(operation, inputs, name: kind.lowercased(), tensors: tensors))
    }

    /// Modules whose code is more than a chain of calls, by what their settings say; nil for all others.
    mutating func layer(
        _ module: ScriptedProgram.Module, _ path: String, _ arguments: [Value]
    ) throws(ImportProblem) -> Value? {
        guard module.record.className.hasPrefix("torch.nn."), case .computed(let input)? = arguments.first else {
            return nil
        }
        let settings = module.record.settings
        func tensor(_ name: String) -> Tensor? { program.tensors["\(path).\(name)"] }
        let tensors = ["weight": tensor("weight"), "bias": tensor("bias")].compactMapValues(\.self)
        let epsilon = settings["eps"] ?? .number(1e-5)
        switch module.record.kind {
        case "BatchNorm1d", "BatchNorm2d":
            return try batchNormalization(
                input, tensors, mean: tensor("running_mean"), variance: tensor("running_var"), epsilon: epsilon)
        case "InstanceNorm2d":
            if let mean = tensor("running_mean"), let variance = tensor("running_var") {
                return try batchNormalization(input, tensors, mean: mean, variance: variance, epsilon: epsilon)
            }
            return try instanceNormalization(input, tensors, epsilon: epsilon)
        case "Dropout", "Dropout1d", "Dropout2d", "AlphaDropout", "Identity": return arguments[0]
        default: return nil
        }
    }

    mutating func batchNormalization(
        _ input: GraphAssembly.Value, _ affine: [String: Tensor], mean: Tensor?, variance: Tensor?, epsilon: Setting
    ) throws(ImportProblem) -> Value {
        guard let mean, let variance else { throw unsupported("a batch normalization without running statistics") }
        let isImage = assembly.shape(of: input).extents.count == 3
        return try add(
            isImage ? "BatchNorm2d" : "BatchNorm1d",
            [
                ("num_features", .integer(mean.values.count)), ("eps", epsilon),
                ("affine", .boolean(affine["weight"] != nil)),
            ], [input], affine.merging(["running_mean": mean, "running_var": variance]) { $1 })
    }

    mutating func instanceNormalization(
        _ input: GraphAssembly.Value, _ affine: [String: Tensor], epsilon: Setting
    ) throws(ImportProblem) -> Value {
        try add(
            "InstanceNorm2d",
            [
                ("num_features", .integer(assembly.shape(of: input).extents[0])), ("eps", epsilon),
                ("affine", .boolean(affine["weight"] != nil)),
            ], [input], affine)
    }

    /// - Parameter weight: `[outputs, inputs]`.
    mutating func linear(
        _ input: GraphAssembly.Value, _ weight: Tensor, _ bias: Tensor?
    ) throws(ImportProblem) -> Value {
        guard weight.extents.count == 2 else { throw unsupported("a linear layer of other weights than a matrix") }
        var tensors = ["weight": weight]
        tensors["bias"] = bias
        return try add(
            "Linear",
            [
                ("in_features", .integer(weight.extents[1])), ("out_features", .integer(weight.extents[0])),
                ("bias", .boolean(bias != nil)),
            ], [input], tensors)
    }

    mutating func convolution(_ call: ScriptCall, isTransposed: Bool) throws(ImportProblem) -> Value? {
        guard let input = call.input, let weight = call.tensor("weight"), weight.extents.count == 4 else { return nil }
        let bias = call.tensor("bias")
        let groups = call.integer("groups") ?? 1
        func pair(_ keyword: String, _ standard: Int) -> Setting {
            .integers(call.integers(keyword).map { $0.count == 1 ? [$0[0], $0[0]] : $0 } ?? [standard, standard])
        }
        guard groups > 0, groups < 1 << 16 else { return nil }
        let channels =
            isTransposed
            ? [weight.extents[0], weight.extents[1] * groups] : [weight.extents[1] * groups, weight.extents[0]]
        // `same` is a text.
        let padding = call.setting("padding").flatMap { if case .text = $0 { $0 } else { nil } } ?? pair("padding", 0)
        var settings: [(name: String, value: Setting)] = [
            ("in_channels", .integer(channels[0])), ("out_channels", .integer(channels[1])),
            ("kernel_size", .integers(Array(weight.extents.suffix(2)))), ("stride", pair("stride", 1)),
            ("padding", padding), ("dilation", pair("dilation", 1)), ("groups", .integer(groups)),
            ("bias", .boolean(bias != nil)),
        ]
        if isTransposed { settings.append(("output_padding", pair("output_padding", 0))) }
        var tensors = ["weight": weight]
        tensors["bias"] = bias
        return try add(isTransposed ? "ConvTranspose2d" : "Conv2d", settings, [input], tensors)
    }
}

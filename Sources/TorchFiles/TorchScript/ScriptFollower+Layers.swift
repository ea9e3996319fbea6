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
        switch module.record.kind {
        case "BatchNorm1d", "BatchNorm2d":
            func tensor(_ name: String) -> Tensor? { program.tensors["\(path).\(name)"] }
            return try batchNormalization(
                input, weight: tensor("weight"), bias: tensor("bias"), mean: tensor("running_mean"),
                variance: tensor("running_var"), epsilon: settings["eps"])
        case "Dropout", "Dropout1d", "Dropout2d", "AlphaDropout", "Identity": return arguments[0]
        default: return nil
        }
    }

    mutating func batchNormalization(
        _ input: GraphAssembly.Value, weight: Tensor?, bias: Tensor?, mean: Tensor?, variance: Tensor?,
        epsilon: Setting?
    ) throws(ImportProblem) -> Value {
        guard let mean, let variance else { throw unsupported("a batch normalization without running statistics") }
        var tensors = ["running_mean": mean, "running_var": variance]
        tensors["weight"] = weight
        tensors["bias"] = bias
        let isImage = assembly.shape(of: input).extents.count == 3
        return try add(
            isImage ? "BatchNorm2d" : "BatchNorm1d",
            [
                ("num_features", .integer(mean.values.count)), ("eps", epsilon ?? .number(1e-5)),
                ("affine", .boolean(weight != nil)),
            ], [input], tensors)
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

    /// - Parameter places: where the call has stride, padding, dilation, output padding and groups.
    mutating func convolution(
        _ call: ScriptCall, isTransposed: Bool,
        _ places: (stride: Int, padding: Int, dilation: Int, outputPadding: Int, groups: Int)
    ) throws(ImportProblem) -> Value? {
        guard let input = call.value(0), let weight = call.tensor(1), weight.extents.count == 4 else { return nil }
        let bias = call.tensor(2)
        let groups = call.integer(places.groups, "groups") ?? 1
        func pair(_ place: Int, _ keyword: String, _ standard: Int) -> Setting {
            .integers(
                call.integers(place, keyword).map { $0.count == 1 ? [$0[0], $0[0]] : $0 } ?? [standard, standard])
        }
        guard groups > 0, groups < 1 << 16 else { return nil }
        let channels =
            isTransposed
            ? [weight.extents[0], weight.extents[1] * groups] : [weight.extents[1] * groups, weight.extents[0]]
        var settings: [(name: String, value: Setting)] = [
            ("in_channels", .integer(channels[0])), ("out_channels", .integer(channels[1])),
            ("kernel_size", .integers(Array(weight.extents.suffix(2)))), ("stride", pair(places.stride, "stride", 1)),
            ("padding", pair(places.padding, "padding", 0)), ("dilation", pair(places.dilation, "dilation", 1)),
            ("groups", .integer(groups)), ("bias", .boolean(bias != nil)),
        ]
        if isTransposed { settings.append(("output_padding", pair(places.outputPadding, "output_padding", 0))) }
        var tensors = ["weight": weight]
        tensors["bias"] = bias
        return try add(isTransposed ? "ConvTranspose2d" : "Conv2d", settings, [input], tensors)
    }

    /// A constant among computed values.
    mutating func computed(_ value: Value?) throws(ImportProblem) -> GraphAssembly.Value? {
        switch value {
        case .computed(let value)?: return value
        case .constant(let tensor)? where !tensor.values.isEmpty:
            // The first axis is the batch's, where there is one.
            var extents = tensor.extents
            if extents.count > 1, extents[0] == 1 { extents.removeFirst() }
            let shaped = Tensor(extents: extents.isEmpty ? [1] : extents, values: tensor.values)
            let made = try add("constant", [("shape", .integers(shaped.extents))], [], ["value": shaped])
            if case .computed(let value) = made { return value }
            return nil
        default: return nil
        }
    }
}

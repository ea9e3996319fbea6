import Importing
import Neural

extension OperatorTable {
    static let normalizations: [String: Function] = [
        "BatchNormalization": { call throws(ImportProblem) in try batchNormalization(call) },
        "InstanceNormalization": { call throws(ImportProblem) in try instanceNormalization(call) },
        "LayerNormalization": { call throws(ImportProblem) in try layerNormalization(call) },
        "SimplifiedLayerNormalization": { call throws(ImportProblem) in try rootMeanSquare(call) },
        "RMSNormalization": { call throws(ImportProblem) in try rootMeanSquare(call) },
        "GroupNormalization": { call throws(ImportProblem) in try groupNormalization(call) },
        "LpNormalization": { call throws(ImportProblem) in
            let handle = try call.settled(0)
            let axis = try call.axis(try call.integer("axis", -1), of: handle.rank)
            let power = try call.integer("p", 2)
            guard power == 1 || power == 2 else {
                throw call.unsupported("its norm of power \(power) is not supported")
            }
            let norm = try call.norm(handle, power: power, [axis], keeps: true)
            // Zeros stay zeros.
            let divisor = try call.elementwise("clamp", ["min": .number(.leastNormalMagnitude)], norm)
            return [.computed(try call.combine("div", .computed(handle), .computed(divisor)))]
        },
    ]

    private static func batchNormalization(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        guard !call.flag("training_mode") else {
            throw call.unsupported(
                "it is set to training, where a sample depends on the others of its batch; export the model in evaluation mode"
            )
        }
        call.ignore("momentum", "is_test", "consumed_inputs")
        guard call.flag("spatial", true) else {
            throw call.unsupported("its statistics for each pixel are not supported")
        }
        let epsilon = try call.epsilon()
        let handle = try call.settled(0)
        guard handle.rank >= 2, handle.extents[0] == 1 else {
            throw call.wrong("its input of \(handle.extents.text) has no channels")
        }
        let channels = handle.extents[1]
        var tensors: [String: Tensor] = [:]
        for (index, word) in ["weight", "bias", "running_mean", "running_var"].enumerated() {
            let tensor = try call.needed(index + 1, "statistics")
            guard tensor.count == channels else {
                throw call.wrong("it has \(tensor.count) numbers for \(channels) channels")
            }
            tensors[word] = tensor.tensor([channels])
        }
        let isVector = handle.rank == 2
        let extents =
            isVector
            ? [channels] : [channels, handle.extents[2...].dropLast().reduce(1, *), handle.extents[handle.rank - 1]]
        let value = try call.add(
            isVector ? "BatchNorm1d" : "BatchNorm2d",
            ["num_features": .integer(channels), "eps": .number(epsilon)],
            [try call.shaped(handle.value, extents)], tensors)
        return [.computed(call.result(value, handle.extents, like: handle))]
    }

    /// Each channel of each image by its own mean and variance; what older exporters make group normalization of, by
    /// taking groups for channels.
    private static func instanceNormalization(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let epsilon = try call.epsilon()
        call.ignore("consumed_inputs")
        let handle = try call.settled(0)
        let (weight, bias) = (try call.needed(1, "scale"), try call.needed(2, "bias"))
        guard handle.rank >= 3, handle.extents[0] == 1, weight.count == handle.extents[1], bias.count == weight.count
        else { throw call.wrong("its \(weight.count) scales do not fit an input of \(handle.extents.text)") }
        let groups = handle.extents[1]
        let isPlain = weight.floats.allSatisfy { $0 == 1 } && bias.floats.allSatisfy { $0 == 0 }
        if isPlain, let value = try asGroups(call, handle, groups, epsilon) {
            return [.computed(call.result(value, handle.extents, like: handle))]
        }
        let extents = [groups, handle.extents[2...].dropLast().reduce(1, *), handle.extents[handle.rank - 1]]
        let value = try call.add(
            "GroupNorm",
            [
                "num_groups": .integer(groups), "num_channels": .integer(groups), "eps": .number(epsilon),
                "affine": .boolean(true),
            ], [try call.shaped(handle.value, extents)],
            ["weight": weight.tensor([groups]), "bias": bias.tensor([groups])])
        return [.computed(call.result(value, handle.extents, like: handle))]
    }

    /// Group normalization of the images that were reshaped to make groups of their channels; nil where there are none.
    private static func asGroups(
        _ call: NodeCall, _ handle: Handle, _ groups: Int, _ epsilon: Float
    ) throws(ImportProblem) -> GraphAssembly.Value? {
        let source = call.translation.assembly.unreshaped(handle.value)
        let shape = call.translation.assembly.shape(of: source).extents
        guard shape.count == 3, shape[0] % groups == 0 else { return nil }
        return try call.addFoldable(
            "GroupNorm",
            [
                ("num_groups", .integer(groups)), ("num_channels", .integer(shape[0])), ("eps", .number(epsilon)),
                ("affine", .boolean(false)),
            ], [source], [:])
    }

    private static func groupNormalization(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let epsilon = try call.epsilon()
        let groups = try call.integer("num_groups", 1)
        call.ignore("stash_type")
        let handle = try call.settled(0)
        let (weight, bias) = (try call.needed(1, "scale"), try call.needed(2, "bias"))
        guard handle.rank >= 3, handle.extents[0] == 1, groups >= 1, handle.extents[1] % groups == 0 else {
            throw call.wrong("its \(groups) groups do not fit an input of \(handle.extents.text)")
        }
        let channels = handle.extents[1]
        // Version 18 has a scale for each group.
        func all(_ tensor: ConstantTensor) throws(ImportProblem) -> Tensor {
            guard tensor.count == channels || tensor.count == groups else {
                throw call.wrong("it has \(tensor.count) scales for \(channels) channels")
            }
            let (times, values) = (channels / tensor.count, tensor.floats)
            return Tensor(extents: [channels], values: (0..<channels).map { values[$0 / times] })
        }
        let extents = [channels, handle.extents[2...].dropLast().reduce(1, *), handle.extents[handle.rank - 1]]
        let value = try call.add(
            "GroupNorm",
            [
                "num_groups": .integer(groups), "num_channels": .integer(channels), "eps": .number(epsilon),
                "affine": .boolean(true),
            ], [try call.shaped(handle.value, extents)], ["weight": try all(weight), "bias": try all(bias)])
        return [.computed(call.result(value, handle.extents, like: handle))]
    }

    private static func layerNormalization(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        call.ignore("stash_type")
        return try lastAxes(call, "LayerNorm", hasBias: true)
    }

    private static func rootMeanSquare(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        call.ignore("stash_type")
        return try lastAxes(call, "RMSNorm", hasBias: false)
    }

    /// The last axes by their own statistics.
    private static func lastAxes(
        _ call: NodeCall, _ kind: String, hasBias: Bool
    ) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        let axis = try call.axis(try call.integer("axis", -1), of: handle.rank)
        let epsilon = try call.epsilon()
        try call.refuseMixing(handle, Array(axis..<handle.rank))
        let view = try call.view(handle)
        let first = max(0, axis + view.shift - 1)
        let extents = Array(view.extents[first...])
        func tensor(_ constant: ConstantTensor) throws(ImportProblem) -> Tensor {
            guard constant.extents.count <= extents.count, try call.broadcast([constant.extents, extents]) == extents
            else { throw call.wrong("its scales of \(constant.extents.text) do not fit an input of \(extents.text)") }
            return try call.expanded(constant, to: extents).tensor()
        }
        let bias = hasBias ? try call.constant(2, "bias") : nil
        var tensors = ["weight": try tensor(try call.needed(1, "scale"))]
        if let bias { tensors["bias"] = try tensor(bias) }
        var settings: [(name: String, value: Setting)] = [
            ("normalized_shape", .integers(extents)), ("eps", .number(epsilon)),
            ("elementwise_affine", .boolean(true)),
        ]
        if hasBias { settings.append(("bias", .boolean(bias != nil))) }
        let value = try call.add(kind, list: settings, [view.value], tensors)
        return [.computed(call.result(value, handle.extents, like: handle))]
    }
}

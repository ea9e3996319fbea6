import Files
import Importing
import Neural

/// A pickled layer of `torch.nn` as the call of a function that it is, with all of its settings: each is used, or refused.
struct ModuleCall {
    private let record: ModuleRecord
    private let tensors: [String: Tensor]

    init(_ record: ModuleRecord, _ tensors: [String: Tensor]) {
        self.record = record
        self.tensors = tensors
    }

    /// The functions, by their layers, and settings that have other names there.
    private static let functions: [String: (name: String, renamed: [String: String])] = [
        "ReLU": ("torch.relu", [:]), "Sigmoid": ("torch.sigmoid", [:]), "Tanh": ("torch.tanh", [:]),
        "SiLU": ("torch.silu", [:]), "SELU": ("torch.selu", [:]), "Mish": ("torch.mish", [:]),
        "ReLU6": ("torch.relu6", [:]), "Hardsigmoid": ("torch.hardsigmoid", [:]), "Hardswish": ("torch.hardswish", [:]),
        "Softsign": ("torch.softsign", [:]), "LogSigmoid": ("torch.log_sigmoid", [:]),
        "LeakyReLU": ("torch.leaky_relu", [:]), "ELU": ("torch.elu", [:]), "CELU": ("torch.celu", [:]),
        "Softplus": ("torch.softplus", [:]), "Hardtanh": ("torch.hardtanh", [:]), "GELU": ("torch.gelu", [:]),
        "GLU": ("torch.glu", [:]), "Softmax": ("torch.softmax", [:]), "LogSoftmax": ("torch.log_softmax", [:]),
        "Threshold": ("torch.threshold", [:]), "RReLU": ("torch.rrelu", [:]), "PReLU": ("torch.prelu", [:]),
        "Linear": ("torch.linear", [:]), "BatchNorm1d": ("torch.batch_norm", [:]),
        "BatchNorm2d": ("torch.batch_norm", [:]), "InstanceNorm2d": ("torch.instance_norm", [:]),
        "GroupNorm": ("torch.group_norm", [:]), "LayerNorm": ("torch.layer_norm", [:]),
        "MaxPool2d": ("torch.max_pool2d", [:]), "AvgPool2d": ("torch.avg_pool2d", [:]),
        "AdaptiveAvgPool2d": ("torch.adaptive_avg_pool2d", [:]),
        "AdaptiveMaxPool2d": ("torch.adaptive_max_pool2d", [:]),
        "Upsample": (interpolation, [:]), "UpsamplingNearest2d": (interpolation, [:]),
        "UpsamplingBilinear2d": (interpolation, [:]), "PixelShuffle": ("torch.pixel_shuffle", [:]),
        "PixelUnshuffle": ("torch.pixel_unshuffle", [:]), "ChannelShuffle": ("torch.channel_shuffle", [:]),
        "Flatten": ("torch.flatten", [:]), "Unflatten": ("torch.unflatten", [:]),
        "ZeroPad2d": ("torch.constant_pad_nd", ["padding": "pad"]),
        "ConstantPad2d": ("torch.constant_pad_nd", ["padding": "pad"]),
        "ReflectionPad2d": ("torch.reflection_pad2d", ["padding": "pad"]),
        "ReplicationPad2d": ("torch.replication_pad2d", ["padding": "pad"]),
        "Identity": ("torch.alias", [:]), "Dropout": ("torch.dropout", [:]), "Dropout1d": ("torch.dropout", [:]),
        "Dropout2d": ("torch.dropout", [:]), "AlphaDropout": ("torch.alpha_dropout", [:]),
    ]

    private static let interpolation = "__torch__.torch.nn.functional.interpolate"

    /// What tensors say too, and what counts in training alone.
    private static let passing: Set<String> = [
        "training", "inplace", "name", "in_features", "out_features", "num_features", "num_channels", "num_parameters",
        "affine", "elementwise_affine", "track_running_stats", "momentum", "p", "init",
    ]

    /// Adds the layer behind a value.
    func added(
        to follower: inout ScriptFollower, _ input: GraphAssembly.Value
    ) throws(ImportProblem) -> GraphAssembly.Value {
        let result: ScriptFollower.Value?
        switch record.kind {
        case "Conv2d", "ConvTranspose2d": result = try convolution(&follower, input)
        case "Softmax2d":
            result = try follower.add("Softmax", [("dim", .integer(1))], [input])
        default:
            // ReLU6 is a Hardtanh, and says its bounds as one.
            let kind = record.kind == "ReLU6" && record.settings["max_val"] != nil ? "Hardtanh" : record.kind
            guard let function = Self.functions[kind] else {
                throw ImportProblem(.unsupported, "the layer is not supported")
            }
            let call = call(function, input)
            result = try follower.apply(call)
            if let argument = call.unread {
                throw ImportProblem(.unsupported, "its setting \(argument.printable) is not supported")
            }
        }
        guard case .computed(let value)? = result else {
            throw ImportProblem(.unsupported, "its settings are not supported")
        }
        return value
    }

    private func call(
        _ function: (name: String, renamed: [String: String]), _ input: GraphAssembly.Value
    ) -> ScriptCall {
        var arguments: [String: ScriptFollower.Value] = [:]
        for (name, setting) in record.settings where !Self.passing.contains(name) {
            arguments[function.renamed[name] ?? name] = .setting(setting)
        }
        for (name, tensor) in tensors where name != "num_batches_tracked" { arguments[name] = .constant(tensor) }
        if record.kind == "InstanceNorm2d" {
            arguments["use_input_stats"] = .setting(.boolean(tensors["running_mean"] == nil))
        }
        // Padding is one number for all sides, or one for each.
        if record.kind.hasSuffix("Pad2d"), let amount = record.whole("padding") {
            arguments["pad"] = .setting(.integers([amount, amount, amount, amount]))
        }
        return ScriptCall(name: function.name, arguments: [.computed(input)], keywords: arguments)
    }

    private func convolution(
        _ follower: inout ScriptFollower, _ input: GraphAssembly.Value
    ) throws(ImportProblem) -> ScriptFollower.Value {
        guard let entry = LayerCatalog.entry(named: record.kind) else { return .setting(.none) }
        let keywords = Set(entry.keywords.map(\.name))
        var settings = record.settings.filter { keywords.contains($0.key) }
        settings["bias"] = .boolean(tensors["bias"] != nil)
        return try follower.add(
            record.kind, settings.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }, [input], tensors)
    }
}

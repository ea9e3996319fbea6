import Neural

/// What TorchScript's code says of one class of modules.
struct ScriptedClass: Sendable {
    /// Parameters and buffers: its state dict.
    private(set) var tensors: Set<String> = []
    /// Constants that scripting keeps, and what the calls of a traced `forward` pass on.
    private(set) var settings: [String: Setting] = [:]
    let methods: [String: ScriptFunction]

    /// - Parameter lines: those of the class's body.
    init(_ lines: [ScriptFunctionParser.Line]) {
        methods = ScriptFunctionParser.functions(in: lines, indent: 2)
        for line in lines {
            let code = line.text
            if code.hasPrefix("__parameters__ = ") || code.hasPrefix("__buffers__ = ") {
                for name in PythonLiteral.arguments(of: code.drop { $0 != "[" }.dropFirst().dropLast()) {
                    tensors.insert(name.filter { $0 != "\"" })
                }
            } else if let constant = Self.constant(code) {
                settings[constant.name] = constant.value
            } else {
                settings.merge(Self.calls(in: code)) { kept, _ in kept }
            }
        }
    }

    /// `stride : Final[Tuple[int, int]] = (2, 2)`.
    private static func constant(_ code: String) -> (name: String, value: Setting)? {
        guard let colon = code.firstRange(of: " : Final["), let equals = code.firstRange(of: "] = "),
            colon.upperBound <= equals.lowerBound, let value = PythonLiteral.setting(code[equals.upperBound...])
        else { return nil }
        return (String(code[..<colon.lowerBound]), value)
    }

    /// PyTorch's functions whose constants say something of a layer.
    private static let functions: Set<String> = [
        "_convolution", "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d", "leaky_relu", "elu", "softplus",
        "hardtanh", "batch_norm", "instance_norm", "group_norm", "layer_norm", "max_pool2d", "avg_pool2d",
        "adaptive_avg_pool2d", "upsample_nearest2d", "upsample_bilinear2d", "pixel_shuffle", "flatten", "unflatten",
        "dropout", "softmax", "gelu",
    ]
    /// Those of their arguments that are a layer's settings.
    private static let keywords: Set<String> = [
        "stride", "padding", "dilation", "transposed", "output_padding", "groups", "negative_slope", "alpha", "beta",
        "threshold", "min_val", "max_val", "momentum", "eps", "num_groups", "normalized_shape", "kernel_size",
        "ceil_mode", "count_include_pad", "output_size", "size", "scale_factor", "align_corners", "upscale_factor",
        "start_dim", "end_dim", "dim", "unflattened_size", "p",
    ]

    /// What a line's calls of PyTorch's functions pass on as constants.
    private static func calls(in code: String) -> [String: Setting] {
        var settings: [String: Setting] = [:]
        for start in code.ranges(of: "torch.") {
            let rest = code[start.upperBound...]
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            // Functions that write over their argument end with an underscore.
            let word = name.hasSuffix("_") ? String(name.dropLast()) : name
            guard functions.contains(word), let inside = PythonLiteral.bracketed(rest.dropFirst(name.count)) else {
                continue
            }
            let parameters = ScriptSignature.parameters(of: "torch.\(word)", word: word)
            if name == "upsample_nearest2d" { settings["mode"] = .text("nearest") }
            if name == "upsample_bilinear2d" { settings["mode"] = .text("bilinear") }
            for (keyword, argument) in zip(parameters, PythonLiteral.arguments(of: inside))
            where keywords.contains(keyword) {
                // `approximate="tanh"`: a keyword of Python's own is read below.
                if let value = PythonLiteral.setting(argument) { settings[keyword] = value }
            }
            for argument in PythonLiteral.arguments(of: inside) {
                guard let equals = argument.firstIndex(of: "="),
                    argument[..<equals].allSatisfy({ $0.isLetter || $0 == "_" }),
                    let value = PythonLiteral.setting(argument[argument.index(after: equals)...])
                else { continue }
                settings[String(argument[..<equals])] = value
            }
        }
        return settings
    }
}

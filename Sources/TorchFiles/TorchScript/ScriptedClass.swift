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

    /// The keywords of PyTorch's functions, in the order of their arguments; empty where the argument is none of a layer's.
    private static let keywords: [String: [String]] = [
        "_convolution": ["", "", "", "stride", "padding", "dilation", "transposed", "output_padding", "groups"],
        "conv1d": ["", "", "", "stride", "padding", "dilation", "groups"],
        "conv2d": ["", "", "", "stride", "padding", "dilation", "groups"],
        "conv_transpose1d": ["", "", "", "stride", "padding", "output_padding", "groups", "dilation"],
        "conv_transpose2d": ["", "", "", "stride", "padding", "output_padding", "groups", "dilation"],
        "leaky_relu": ["", "negative_slope"], "leaky_relu_": ["", "negative_slope"],
        "elu": ["", "alpha"], "elu_": ["", "alpha"], "softplus": ["", "beta", "threshold"],
        "hardtanh": ["", "min_val", "max_val"], "hardtanh_": ["", "min_val", "max_val"],
        "batch_norm": ["", "", "", "", "", "", "momentum", "eps"],
        "instance_norm": ["", "", "", "", "", "", "momentum", "eps"],
        "group_norm": ["", "num_groups", "", "", "eps"], "layer_norm": ["", "normalized_shape", "", "", "eps"],
        "max_pool2d": ["", "kernel_size", "stride", "padding", "dilation", "ceil_mode"],
        "avg_pool2d": ["", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"],
        "adaptive_avg_pool2d": ["", "output_size"],
        "upsample_nearest2d": ["", "size", "scale_factor"],
        "upsample_bilinear2d": ["", "size", "align_corners", "scale_factor"],
        "pixel_shuffle": ["", "upscale_factor"], "flatten": ["", "start_dim", "end_dim"],
        "unflatten": ["", "dim", "unflattened_size"], "dropout": ["", "p"], "softmax": ["", "dim"], "gelu": [],
    ]

    /// What a line's calls of PyTorch's functions pass on as constants.
    private static func calls(in code: String) -> [String: Setting] {
        var settings: [String: Setting] = [:]
        for start in code.ranges(of: "torch.") {
            let rest = code[start.upperBound...]
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            guard let keywords = keywords[name],
                let inside = PythonLiteral.bracketed(rest.dropFirst(name.count))
            else { continue }
            if name == "upsample_nearest2d" { settings["mode"] = .text("nearest") }
            if name == "upsample_bilinear2d" { settings["mode"] = .text("bilinear") }
            for (keyword, argument) in zip(keywords, PythonLiteral.arguments(of: inside)) where !keyword.isEmpty {
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

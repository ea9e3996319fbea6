import Neural

/// The names of the arguments of PyTorch's functions, in their order, and what changes nothing.
enum ScriptSignature {
    private static let functionalPrefix = "__torch__.torch.nn.functional."

    /// - Parameter name: `torch.conv2d`, `__torch__.torch.nn.functional.relu`.
    static func parameters(of name: String, word: String) -> [String] {
        let isFunctional = name.hasPrefix(functionalPrefix)
        return (isFunctional ? functional[word] : nil) ?? native[word] ?? []
    }

    static func isPyTorchs(_ name: String) -> Bool { name.hasPrefix("torch.") || name.hasPrefix(functionalPrefix) }

    /// Functions whose result shares its numbers with their first argument.
    static let views: Set<String> = [
        "view", "view_as", "reshape", "reshape_as", "flatten", "unflatten", "unsqueeze", "squeeze", "permute",
        "transpose",
        "chunk", "split", "split_with_sizes", "slice", "select", "narrow", "expand", "expand_as",
    ]

    /// Whether an argument that nobody asked for says what would be done without it.
    static func isNeutral(_ name: String, _ value: ScriptFollower.Value) -> Bool {
        if harmless.contains(name) { return true }
        switch value {
        case .setting(.none): return true
        // Types of floats, as PyTorch numbers them.
        case .setting(.integer(let type)) where name == "dtype": return floatTypes.contains(type)
        case .setting(.boolean(let flag)): return neutral[name] == (flag ? 1 : 0)
        case .setting(.integer(let number)): return neutral[name] == Float(number)
        case .setting(.number(let number)): return neutral[name] == number
        case .setting(.integers(let list)): return list.allSatisfy { neutral[name] == Float($0) }
        case .list(let list): return list.allSatisfy { isNeutral(name, $0) }
        default: return false
        }
    }

    /// Half, single, double and brain floats.
    static let floatTypes: Set<Int> = [5, 6, 7, 15]

    /// Where and how numbers lie, and how fast they are computed.
    private static let harmless: Set<String> = [
        "inplace", "memory_format", "non_blocking", "copy", "_stacklevel", "cudnn_enabled", "benchmark",
        "deterministic",
        "allow_tf32", "momentum", "device", "layout", "pin_memory", "implicit", "requires_grad", "generator",
    ]

    private static let neutral: [String: Float] = [
        "alpha": 1, "beta": 1, "scale": 1, "input_scale": 1, "decimals": 0, "training": 0, "ceil_mode": 0,
        "antialias": 0,
        "return_indices": 0, "recompute_scale_factor": 0, "output_padding": 0, "mean": 0, "std": 1, "align_corners": 0,
    ]

    private static func table(_ lines: String) -> [String: [String]] {
        var table: [String: [String]] = [:]
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: ":")
            let parameters = parts.count > 1 ? parts[1].split(separator: " ").map(String.init) : []
            for word in parts[0].split(separator: " ") { table[String(word)] = parameters }
        }
        return table
    }

    /// `torch.…`, as its operators are declared; what they call `self` is `input` here.
    private static let native = table(
        """
        relu sigmoid tanh silu selu mish relu6 hardsigmoid hardswish softsign log_sigmoid logsigmoid: input
        exp log sqrt abs neg reciprocal erf sin cos sign floor ceil trunc square t numpy_T: input
        detach alias clone contiguous float double half requires_grad: input memory_format
        to: input
        round: input decimals
        leaky_relu: input negative_slope
        elu: input alpha scale input_scale
        celu: input alpha
        softplus: input beta threshold
        hardtanh: input min_val max_val
        gelu: input approximate
        glu: input dim
        softmax log_softmax: input dim dtype
        clamp clip: input min max
        clamp_min: input min
        clamp_max: input max
        prelu: input weight
        threshold: input threshold value
        rrelu: input lower upper training generator
        dropout feature_dropout alpha_dropout feature_alpha_dropout: input p train
        type_as view_as reshape_as expand_as: input other
        linear: input weight bias
        addmm: input mat1 mat2 beta alpha
        mm matmul bmm: input mat2
        _convolution: input weight bias stride padding dilation transposed output_padding groups benchmark deterministic \
        cudnn_enabled allow_tf32
        conv1d conv2d _convolution_mode: input weight bias stride padding dilation groups
        conv_transpose1d conv_transpose2d: input weight bias stride padding output_padding groups dilation
        batch_norm: input weight bias running_mean running_var training momentum eps cudnn_enabled
        instance_norm: input weight bias running_mean running_var use_input_stats momentum eps cudnn_enabled
        group_norm: input num_groups weight bias eps cudnn_enabled
        layer_norm: input normalized_shape weight bias eps cudnn_enabled
        randn_like rand_like zeros_like ones_like empty_like: input dtype layout device pin_memory memory_format
        randn: size dtype layout device pin_memory
        normal: input mean std generator
        pow: input exponent
        add sub rsub: input other alpha
        div: input other rounding_mode
        mul true_divide floor_divide maximum minimum gt ge lt le eq ne: input other
        lerp: input end weight
        where: condition input other
        masked_fill: input mask value
        cumsum: input dim dtype
        norm: input ord dim keepdim dtype
        linalg_vector_norm: input ord dim keepdim dtype
        cat stack: tensors dim
        view reshape: input shape
        flatten: input start_dim end_dim
        unflatten: input dim unflattened_size
        unsqueeze squeeze: input dim
        permute flip: input dims
        roll: input shifts dims
        transpose: input dim0 dim1
        chunk split split_with_sizes: input sizes dim
        slice: input dim start end step
        select: input dim index
        narrow: input dim start length
        expand: input shape implicit
        repeat: input repeats
        mean sum: input dim keepdim dtype
        amax amin: input dim keepdim
        var std: input dim unbiased keepdim
        max_pool2d: input kernel_size stride padding dilation ceil_mode
        avg_pool2d: input kernel_size stride padding ceil_mode count_include_pad divisor_override
        adaptive_avg_pool2d adaptive_max_pool2d: input output_size
        pixel_shuffle: input upscale_factor
        pixel_unshuffle: input downscale_factor
        channel_shuffle: input groups
        pad: input pad mode value
        constant_pad_nd: input pad value
        reflection_pad2d replication_pad2d: input pad
        upsample_nearest2d _upsample_nearest_exact2d: input size scale_factor scale_width
        upsample_bilinear2d upsample_bicubic2d: input size align_corners scale_factor scale_width
        """)

    /// `torch.nn.functional`, where it has other arguments.
    private static let functional = table(
        """
        relu silu selu mish relu6 hardsigmoid hardswish: input inplace
        leaky_relu: input negative_slope inplace
        elu celu: input alpha inplace
        hardtanh: input min_val max_val inplace
        softmax log_softmax: input dim _stacklevel dtype
        threshold _threshold: input threshold value inplace
        rrelu: input lower upper training inplace
        dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout: input p train inplace
        normalize: input ord dim eps out
        batch_norm: input running_mean running_var weight bias training momentum eps
        instance_norm: input running_mean running_var weight bias use_input_stats momentum eps
        max_pool2d _max_pool2d: input kernel_size stride padding dilation ceil_mode return_indices
        interpolate upsample: input size scale_factor mode align_corners recompute_scale_factor antialias
        pad _pad: input pad mode value
        """)
}

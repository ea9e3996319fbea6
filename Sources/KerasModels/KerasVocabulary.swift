import Importing
import JSON

/// Which settings of a layer, and which arguments of its calls, are taken into account; anything else that says something
/// is refused by name, since the picture would be another one.
enum KerasVocabulary {
    /// - Throws: ``ImportProblem`` for a setting that nobody reads, or one of another type than Keras gives it.
    static func check(_ layer: KerasLayer) throws(ImportProblem) {
        guard let known = settings[layer.className] else { return }
        for member in layer.config.members where !known.contains(member.name) && !isHarmless(member.name) {
            guard says(member.value) else { continue }
            throw KerasSettings(layer).unsupported(
                "its setting \(member.name.shortened), \(member.value.compactText.shortened), is not supported")
        }
        for member in layer.config.members where member.value != .null {
            let isRight =
                switch member.name {
                case let name where flags.contains(name) || name == "scale" && known.contains("center"):
                    member.value.boolean != nil
                case "data_format", "interpolation", "score_mode": member.value.string != nil
                case "padding" where known.contains("strides"): member.value.string != nil
                default: true
                }
            guard isRight else { throw KerasSettings(layer).wrong(member.name.shortened) }
        }
    }

    /// - Parameter kind: whose arguments these are; a function of TensorFlow's has those of what it is called by here.
    /// - Throws: ``ImportProblem`` for an argument that nobody reads.
    static func check(_ call: KerasGraph.Call, as kind: String? = nil) throws(ImportProblem) {
        let kind = kind ?? call.layer.className
        guard let known = settings[kind], !["TFOpLambda", "TensorFlowOpLayer"].contains(kind) else { return }
        let isFunction = functions.contains(kind)
        for (name, argument) in call.keywords.sorted(by: { $0.key < $1.key }) where !usual.contains(name) {
            let isKnown = arguments[kind]?.contains(name) ?? false || isFunction && known.contains(name)
            guard !isKnown, argument.json.map(says) ?? true else { continue }
            if name == "training", !kind.hasSuffix("BatchNormalization") { continue }
            throw KerasSettings(call.layer).unsupported("it is called with \(name.shortened), which is not supported")
        }
        guard !isFunction else { return }
        for argument in call.arguments.dropFirst() {
            guard case .constant(let json) = argument, says(json) else { continue }
            throw KerasSettings(call.layer).unsupported(
                "it is called with \(json.compactText.shortened), which is not supported")
        }
    }

    /// Attributes of a node of TensorFlow's graph that change what it makes.
    ///
    /// - Throws: ``ImportProblem`` for one that there is.
    static func check(attributes: JSONObject, of layer: KerasLayer) throws(ImportProblem) {
        for member in attributes.members
        where !["T", "N", "Tidx", "Tshape", "Tdim", "Tlen", "DstT", "SrcT", "Truncate"].contains(member.name)
            && !member.name.hasPrefix("_")
        {
            throw KerasSettings(layer).unsupported("its attribute \(member.name.shortened) is not supported")
        }
    }

    /// Whether a value is one that changes something.
    private static func says(_ json: JSONValue) -> Bool { json != .null && json.boolean != false }

    /// What belongs to training, to files, and to what the weights say themselves.
    private static func isHarmless(_ name: String) -> Bool {
        ["_initializer", "_regularizer", "_constraint", "_init"].contains { name.hasSuffix($0) }
            || [
                "name", "trainable", "dtype", "init", "batch_input_shape", "batch_shape", "input_shape", "input_dtype",
                "autocast",
                "build_config", "seed", "dropout", "momentum", "renorm_momentum", "renorm_clipping", "sparse", "ragged",
                "lora_rank", "lora_alpha", "synchronized", "shared_object_id",
            ].contains(name)
    }

    /// Names of what a call reads, and what changes nothing.
    private static let usual: Set = [
        "name", "x", "y", "x1", "x2", "a", "b", "input", "inputs", "value", "values", "tensor", "features", "images",
        "input_tensor", "xs",
    ]

    /// Settings that are true or false.
    private static let flags: Set = [
        "use_bias", "center", "keepdims", "use_scale", "invert", "rms_scaling", "antialias", "crop_to_aspect_ratio",
        "pad_to_aspect_ratio", "use_gate", "approximate", "mask_zero",
    ]

    private static let window: Set = [
        "kernel_size", "strides", "padding", "data_format", "dilation_rate", "activation", "use_bias", "groups",
    ]
    private static let pool: Set = ["pool_size", "strides", "padding", "data_format"]
    private static let resize: Set = [
        "interpolation", "antialias", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "fill_mode", "fill_value",
        "data_format",
    ]

    /// By class, as those of Keras 2 and 3 have them.
    private static let settings: [String: Set<String>] = {
        let batch: Set = ["axis", "epsilon", "center", "scale"]
        let convolution = window.union(["filters"])
        let transposed = convolution.union(["output_padding"])
        let separable = convolution.union(["depth_multiplier"])
        var all: [String: Set<String>] = [
            "Dense": ["units", "activation", "use_bias", "input_dim", "output_dim", "bias"],
            "Conv2D": convolution, "Convolution2D": convolution,
            "Conv2DTranspose": transposed, "Convolution2DTranspose": transposed, "Deconvolution2D": transposed,
            "DepthwiseConv2D": window.union(["depth_multiplier"]),
            "SeparableConv2D": separable, "SeparableConvolution2D": separable,
            "ZeroPadding2D": ["padding", "data_format"], "Cropping2D": ["cropping", "data_format"],
            "UpSampling2D": ["size", "data_format", "interpolation"],
            "Resizing": resize.union(["height", "width"]), "Resize": resize.union(["size"]),
            "MaxPooling2D": pool, "AveragePooling2D": pool,
            "GlobalAveragePooling2D": ["data_format", "keepdims"], "GlobalMaxPooling2D": ["data_format", "keepdims"],
            "BatchNormalization": batch, "SyncBatchNormalization": batch,
            "LayerNormalization": batch.union(["rms_scaling"]), "GroupNormalization": batch.union(["groups"]),
            "UnitNormalization": ["axis"], "Normalization": ["axis", "invert", "mean", "variance"],
            "Rescaling": ["scale", "offset"], "Activation": ["activation"],
            "ReLU": ["max_value", "negative_slope", "threshold"], "LeakyReLU": ["alpha", "negative_slope"],
            "ELU": ["alpha"], "Softmax": ["axis"], "PReLU": ["shared_axes"],
            "Embedding": ["input_dim", "output_dim", "mask_zero", "input_length"],
            "Flatten": ["data_format"], "Reshape": ["target_shape", "newshape"], "Permute": ["dims"],
            "RepeatVector": ["n"], "Concatenate": ["axis"],
            "MultiHeadAttention": [
                "num_heads", "key_dim", "value_dim", "use_bias", "use_gate", "output_shape", "attention_axes",
                "sliding_window", "query_shape", "key_shape", "value_shape", "flash_attention",
            ],
            "Attention": ["use_scale", "score_mode"], "Masking": ["mask_value"],
            "Clip": ["x_min", "x_max"], "Gelu": ["approximate"], "LeakyRelu": ["negative_slope"], "Elu": ["alpha"],
            "Split": ["indices_or_sections", "axis"], "DepthToSpace": ["block_size", "data_format"],
            "SlicingOpLambda": ["function"], "TFOpLambda": ["function"],
            "TensorFlowOpLayer": ["function", "node_def", "constants"],
        ]
        for name in [
            "Add", "Subtract", "Multiply", "Maximum", "Minimum", "Average", "Divide", "TrueDivide", "Power", "Cast",
            "GetItem", "Exp", "Sqrt", "Log", "Absolute", "Abs", "Negative", "Sin", "Cos", "Tanh", "Sigmoid", "Relu",
            "Relu6", "Silu", "Softplus", "Softsign", "Selu", "HardSigmoid", "Square",
        ] { all[name] = [] }
        return all
    }()

    /// Functions, whose arguments may stand in their settings as well as in their calls, in any number.
    private static let functions: Set = [
        "Add", "Subtract", "Multiply", "Maximum", "Minimum", "Divide", "TrueDivide", "Power", "Cast", "GetItem",
        "SlicingOpLambda", "Clip", "Gelu", "LeakyRelu", "Elu", "Split", "DepthToSpace", "Resize", "Reshape",
        "Concatenate",
    ]

    /// Arguments that calls have beside the values, which are read.
    private static let arguments: [String: Set<String>] = [
        "Cast": ["dtype"], "Clip": ["clip_value_min", "clip_value_max"], "LeakyRelu": ["alpha"],
        "GetItem": ["slice_spec", "key"], "SlicingOpLambda": ["slice_spec", "key"],
        "Split": ["num_or_size_splits", "num"], "Resize": ["method"], "Reshape": ["shape"],
        "MultiHeadAttention": ["query", "value", "key"],
    ]
}

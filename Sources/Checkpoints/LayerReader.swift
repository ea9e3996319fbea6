import JSON
import Neural

/// Reads layers: the name of a `torch.nn` class as `type`, the keywords of its constructor beside it. Keywords that
/// PyTorch has a default for may be left out.
enum LayerReader {
    /// - Parameter name: `decoder.3`, for sentences.
    static func operation(_ value: JSONValue, name: String) throws(ArchitectureProblem) -> Operation {
        guard let object = value.object else {
            throw .wrongType(
                key: "layer", what: name, expected: "an object with a type", found: value.kind)
        }
        guard let type = object["type"] else { throw .missingKey("type", what: "layer \(name)") }
        guard let type = type.string else {
            throw .wrongType(key: "type", what: "layer \(name)", expected: "a string", found: type.kind)
        }
        var fields = FieldReader(object, what: "layer \(name) (\(shortened(type)))")
        _ = fields.optional("type")
        guard let operation = try operation(type, &fields) else { throw .unknownLayer(type, what: "layer \(name)") }
        try fields.finish()
        return operation
    }

    private static func operation(
        _ type: String, _ fields: inout FieldReader
    ) throws(ArchitectureProblem) -> Operation? {
        switch type {
        case "Linear":
            return .linear(
                inputs: try fields.integer("in_features"), outputs: try fields.integer("out_features"),
                bias: try fields.boolean("bias", default: true))
        case "Conv2d": return .convolution(try convolution(&fields))
        case "ConvTranspose2d": return .transposedConvolution(try transposedConvolution(&fields))
        case "MaxPool2d":
            try fields.expect("dilation", .integer(1), .array([.integer(1), .integer(1)]))
            try fields.expect("return_indices", .boolean(false))
            return .maxPooling(try pooling(&fields))
        case "AvgPool2d":
            try fields.expect("count_include_pad", .boolean(true))
            try fields.expect("divisor_override", .null)
            return .averagePooling(try pooling(&fields))
        case "Upsample": return .upsampling(try upsampling(&fields))
        case "BatchNorm2d", "BatchNorm1d": return .batchNormalization(try batchNormalization(&fields))
        case "Softmax":
            try fields.expect("dim", .integer(1), .integer(-1))
            return .softmax
        case "Flatten":
            try fields.expect("start_dim", .integer(1))
            try fields.expect("end_dim", .integer(-1))
            return .flatten
        case "Unflatten": return try unflatten(&fields)
        default: return try activation(type, &fields).map(Operation.activation)
        }
    }

    private static func activation(
        _ type: String, _ fields: inout FieldReader
    ) throws(ArchitectureProblem) -> Activation? {
        switch type {
        case "ReLU", "SiLU":
            _ = try fields.boolean("inplace", default: false)
            return type == "ReLU" ? .relu : .silu
        case "LeakyReLU":
            _ = try fields.boolean("inplace", default: false)
            return .leakyReLU(slope: try fields.float("negative_slope", default: 0.01))
        case "Tanh": return .tanh
        case "Sigmoid": return .sigmoid
        case "Softplus":
            try fields.expect("beta", .integer(1), .number(1))
            try fields.expect("threshold", .integer(20), .number(20))
            return .softplus
        default: return nil
        }
    }

    private static func convolution(_ fields: inout FieldReader) throws(ArchitectureProblem) -> Convolution {
        try expectPlainConvolution(&fields)
        return Convolution(
            inputs: try fields.integer("in_channels"), outputs: try fields.integer("out_channels"),
            kernel: try fields.extent("kernel_size"), stride: try fields.extent("stride", default: Extent(1)),
            padding: try fields.extent("padding", default: Extent(0)),
            bias: try fields.boolean("bias", default: true))
    }

    private static func transposedConvolution(
        _ fields: inout FieldReader
    ) throws(ArchitectureProblem) -> TransposedConvolution {
        try expectPlainConvolution(&fields)
        return TransposedConvolution(
            inputs: try fields.integer("in_channels"), outputs: try fields.integer("out_channels"),
            kernel: try fields.extent("kernel_size"), stride: try fields.extent("stride", default: Extent(1)),
            padding: try fields.extent("padding", default: Extent(0)),
            outputPadding: try fields.extent("output_padding", default: Extent(0)),
            bias: try fields.boolean("bias", default: true))
    }

    private static func expectPlainConvolution(_ fields: inout FieldReader) throws(ArchitectureProblem) {
        try fields.expect("groups", .integer(1))
        try fields.expect("dilation", .integer(1), .array([.integer(1), .integer(1)]))
        try fields.expect("padding_mode", .string("zeros"))
    }

    private static func pooling(_ fields: inout FieldReader) throws(ArchitectureProblem) -> Pooling {
        try fields.expect("ceil_mode", .boolean(false))
        let kernel = try fields.extent("kernel_size")
        // PyTorch's default is None: windows beside each other.
        let stride = fields.optional("stride") ?? .null
        return Pooling(
            kernel: kernel, stride: stride == .null ? kernel : try fields.extent("stride"),
            padding: try fields.extent("padding", default: Extent(0)))
    }

    private static func upsampling(_ fields: inout FieldReader) throws(ArchitectureProblem) -> Extent {
        try fields.expect("size", .null)
        try fields.expect("mode", .string("nearest"))
        try fields.expect("align_corners", .null)
        try fields.expect("recompute_scale_factor", .null)
        return try fields.extent("scale_factor")
    }

    private static func batchNormalization(
        _ fields: inout FieldReader
    ) throws(ArchitectureProblem) -> BatchNormalization {
        try fields.expect("affine", .boolean(true))
        try fields.expect("track_running_stats", .boolean(true))
        return BatchNormalization(
            channels: try fields.integer("num_features"), epsilon: try fields.float("eps", default: 1e-5),
            momentum: try fields.float("momentum", default: 0.1))
    }

    private static func unflatten(_ fields: inout FieldReader) throws(ArchitectureProblem) -> Operation {
        _ = try fields.required("dim")
        try fields.expect("dim", .integer(1))
        let extents = try fields.integers("unflattened_size")
        do {
            return .unflatten(try Shape(extents))
        } catch {
            throw fields.wrong("unflattened_size", "one to four whole numbers from 1, of not too many elements")
        }
    }
}

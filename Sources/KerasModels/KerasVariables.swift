import JSON

/// Which variables a layer has, in the order in which Keras keeps them.
enum KerasVariables {
    /// - Returns: none for a layer without weights; nil for a class that is not known.
    static func names(of layer: KerasLayer) -> [String]? {
        let settings = KerasSettings(layer)
        let bias = settings.flag("use_bias", true) ? ["bias"] : []
        switch layer.className {
        case "Dense", "Conv2D", "Conv2DTranspose", "Convolution2D", "Deconvolution2D", "Convolution2DTranspose":
            return ["kernel"] + bias
        case "DepthwiseConv2D": return ["depthwise_kernel"] + bias
        case "SeparableConv2D", "SeparableConvolution2D": return ["depthwise_kernel", "pointwise_kernel"] + bias
        case "Embedding": return ["embeddings"]
        case "PReLU": return ["alpha"]
        case "BatchNormalization", "SyncBatchNormalization":
            return scales(settings) + ["moving_mean", "moving_variance"]
        case "LayerNormalization", "GroupNormalization": return scales(settings)
        case "Normalization":
            return layer.config["mean"].map { $0 != .null } ?? false ? [] : ["mean", "variance"]
        default: return layer.network == nil && KerasLayers.table[layer.className] == nil ? nil : []
        }
    }

    /// Whether training leaves a variable alone: such ones stand after all others.
    static func isStatistic(_ name: String) -> Bool {
        ["moving_mean", "moving_variance", "mean", "variance", "count"].contains(name)
    }

    private static func scales(_ settings: KerasSettings) -> [String] {
        (settings.flag("scale", true) ? ["gamma"] : []) + (settings.flag("center", true) ? ["beta"] : [])
    }
}

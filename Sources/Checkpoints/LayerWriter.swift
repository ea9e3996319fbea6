import JSON
import Neural

extension Operation {
    /// The operation as a `torch.nn` class with the keywords of its constructor; all are written where they have a
    /// meaning here, also those that have their default.
    ///
    /// - Parameter input: The shape of what it reads, which tells batch normalization of images from that of features.
    func json(input: Shape) -> JSONValue {
        switch self {
        case .linear(let inputs, let outputs, let bias):
            layer(
                "Linear",
                [
                    "in_features": .integer(inputs), "out_features": .integer(outputs), "bias": .boolean(bias),
                ])
        case .convolution(let layer):
            self.layer(
                "Conv2d",
                [
                    "in_channels": .integer(layer.inputs), "out_channels": .integer(layer.outputs),
                    "kernel_size": layer.kernel.json, "stride": layer.stride.json, "padding": layer.padding.json,
                    "bias": .boolean(layer.bias),
                ])
        case .transposedConvolution(let layer):
            self.layer(
                "ConvTranspose2d",
                [
                    "in_channels": .integer(layer.inputs), "out_channels": .integer(layer.outputs),
                    "kernel_size": layer.kernel.json, "stride": layer.stride.json, "padding": layer.padding.json,
                    "output_padding": layer.outputPadding.json, "bias": .boolean(layer.bias),
                ])
        case .maxPooling(let window), .averagePooling(let window):
            layer(
                kind,
                [
                    "kernel_size": window.kernel.json, "stride": window.stride.json, "padding": window.padding.json,
                ])
        case .upsampling(let factor):
            layer("Upsample", ["scale_factor": factor.json, "mode": .string("nearest")])
        case .activation(.leakyReLU(let slope)):
            layer("LeakyReLU", ["negative_slope": .float(slope)])
        case .activation:
            layer(kind, [:])
        case .softmax:
            layer(kind, ["dim": .integer(1)])
        case .batchNormalization(let layer):
            self.layer(
                batchNormalizationType(of: input),
                [
                    "num_features": .integer(layer.channels), "eps": .float(layer.epsilon),
                    "momentum": .float(layer.momentum),
                ])
        case .flatten:
            layer("Flatten", ["start_dim": .integer(1)])
        case .unflatten(let shape):
            layer(
                "Unflatten",
                [
                    "dim": .integer(1), "unflattened_size": .array(shape.extents.map(JSONValue.integer)),
                ])
        }
    }

    private func layer(_ type: String, _ keywords: JSONObject) -> JSONValue {
        var object: JSONObject = ["type": .string(type)]
        for keyword in keywords.members { _ = object.insert(keyword.value, named: keyword.name) }
        return .object(object)
    }
}

/// What `torch.nn` calls batch normalization of a shape.
func batchNormalizationType(of input: Shape) -> String { input.image == nil ? "BatchNorm1d" : "BatchNorm2d" }

extension Extent {
    /// One number where both sides are equal, as people write it.
    fileprivate var json: JSONValue {
        height == width ? .integer(height) : .array([.integer(height), .integer(width)])
    }
}

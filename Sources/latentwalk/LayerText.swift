import Neural

extension Operation {
    /// The operation on one line, as PyTorch prints it: `Conv2d(1, 32, kernel_size=3, stride=2, padding=1)`; settings
    /// that have PyTorch's default are left out.
    func summary(input: Shape) -> String {
        switch self {
        case .linear(let inputs, let outputs, let bias):
            call("Linear", ["\(inputs)", "\(outputs)", setting("bias", bias, unless: true)])
        case .convolution(let layer):
            call(
                "Conv2d",
                [
                    "\(layer.inputs)", "\(layer.outputs)", "kernel_size=\(layer.kernel.text)",
                    setting("stride", layer.stride, unless: Extent(1)),
                    setting("padding", layer.padding, unless: Extent(0)),
                    setting("bias", layer.bias, unless: true),
                ])
        case .transposedConvolution(let layer):
            call(
                "ConvTranspose2d",
                [
                    "\(layer.inputs)", "\(layer.outputs)", "kernel_size=\(layer.kernel.text)",
                    setting("stride", layer.stride, unless: Extent(1)),
                    setting("padding", layer.padding, unless: Extent(0)),
                    setting("output_padding", layer.outputPadding, unless: Extent(0)),
                    setting("bias", layer.bias, unless: true),
                ])
        case .maxPooling(let window), .averagePooling(let window):
            call(
                kind,
                [
                    window.kernel.text, setting("stride", window.stride, unless: window.kernel),
                    setting("padding", window.padding, unless: Extent(0)),
                ])
        case .upsampling(let factor):
            call("Upsample", ["scale_factor=\(factor.text)", "mode=nearest"])
        case .activation(.leakyReLU(let slope)):
            call("LeakyReLU", ["\(slope)"])
        case .activation, .softmax, .flatten:
            kind
        case .batchNormalization(let layer):
            call(
                input.image == nil ? "BatchNorm1d" : "BatchNorm2d",
                [
                    "\(layer.channels)", layer.epsilon == 1e-5 ? nil : "eps=\(layer.epsilon)",
                    layer.momentum == 0.1 ? nil : "momentum=\(layer.momentum)",
                ])
        case .unflatten(let shape):
            call("Unflatten", ["\(shape)"])
        }
    }

    private func call(_ name: String, _ arguments: [String?]) -> String {
        "\(name)(\(arguments.compactMap { $0 }.joined(separator: ", ")))"
    }

    private func setting(_ name: String, _ value: Extent, unless standard: Extent) -> String? {
        value == standard ? nil : "\(name)=\(value.text)"
    }

    private func setting(_ name: String, _ value: Bool, unless standard: Bool) -> String? {
        value == standard ? nil : "\(name)=\(value)"
    }
}

extension Extent {
    fileprivate var text: String { height == width ? "\(height)" : "\(height)×\(width)" }
}

import Neural

extension LayerTable {
    static let convolutions: [String: Function] = [
        "Conv2d": { layer in
            let subject = LayerTable.layer(layer, Convolution.self)
            // What "same" adds on the whole; the odd one comes after.
            func ends(_ kernel: Int, _ padding: Int, _ dilation: Int) -> (before: Int, after: Int) {
                let all = subject.keepsSize ? dilation * (kernel - 1) : 2 * padding
                return (all / 2, all - all / 2)
            }
            let (kernel, dilation) = (subject.kernel, subject.dilation)
            let rows = ends(kernel.height, subject.padding.height, dilation.height)
            let columns = ends(kernel.width, subject.padding.width, dilation.width)
            var (input, pads) = (layer.input, [rows.before, columns.before, rows.after, columns.after])
            if subject.paddingMode != .zeros {
                let amounts = [columns.before, columns.after, rows.before, rows.after]
                let mode = Padding.Mode(rawValue: subject.paddingMode.rawValue) ?? .constant
                input = layer.padded(input, Padding(amounts, mode: mode))
                pads = [0, 0, 0, 0]
            }
            return layer.add(
                "Conv", [input, layer.tensor("weight"), layer.tensor("bias")].compactMap(\.self),
                [
                    "kernel_shape": .both(kernel), "strides": .both(subject.stride), "dilations": .both(dilation),
                    "group": .integer(subject.groups), "pads": .integers(pads),
                ])
        },
        "ConvTranspose2d": { layer in
            let subject = LayerTable.layer(layer, TransposedConvolution.self)
            let padding = [subject.padding.height, subject.padding.width]
            let ends = [padding[0] + (layer.crop?.rows ?? 0), padding[1] + (layer.crop?.columns ?? 0)]
            return layer.add(
                "ConvTranspose", [layer.input, layer.tensor("weight"), layer.tensor("bias")].compactMap(\.self),
                [
                    "kernel_shape": .both(subject.kernel), "strides": .both(subject.stride),
                    "dilations": .both(subject.dilation), "group": .integer(subject.groups),
                    "pads": .integers(padding + ends), "output_padding": .both(subject.outputPadding),
                ])
        },
    ]
}

extension GraphWriter.Attribute {
    static func both(_ extent: Extent) -> GraphWriter.Attribute { .integers([extent.height, extent.width]) }
}

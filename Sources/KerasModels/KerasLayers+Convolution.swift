import Importing
import Neural

extension KerasLayers {
    static let convolutions: [String: Make] = {
        let plain: Make = { (operands, builder) throws(ImportProblem) in
            let kernel = try builder.variables(operands)
            let groups = try operands.settings.integer("groups", 1)
            let value = try builder.convolution(
                operands, kernel: kernel[0], bias: kernel.dropFirst().first, groups: groups)
            return [try builder.activation(of: operands, value)]
        }
        let transposed: Make = { (operands, builder) throws(ImportProblem) in
            [try builder.transposedConvolution(operands)]
        }
        let separable: Make = { (operands, builder) throws(ImportProblem) in
            let variables = try builder.variables(operands)
            let deep = try builder.depthwise(operands, variables[0], bias: nil)
            let value = try builder.pointwise(operands, deep, variables[1], bias: variables.dropFirst(2).first)
            return [try builder.activation(of: operands, value)]
        }
        return [
            "Conv2D": plain, "Convolution2D": plain,
            "Conv2DTranspose": transposed, "Convolution2DTranspose": transposed, "Deconvolution2D": transposed,
            "DepthwiseConv2D": { (operands, builder) throws(ImportProblem) in
                let variables = try builder.variables(operands)
                let value = try builder.depthwise(operands, variables[0], bias: variables.dropFirst().first)
                return [try builder.activation(of: operands, value)]
            },
            "SeparableConv2D": separable, "SeparableConvolution2D": separable,
        ]
    }()
}

/// How one side of an image meets a window: TensorFlow's `same` puts the odd pixel of its padding at the end.
struct KerasSide {
    let before: Int
    let after: Int

    /// Of a convolution or of pooling.
    static func padding(_ size: Int, span: Int, stride: Int, isSame: Bool) -> KerasSide {
        guard isSame else { return KerasSide(before: 0, after: 0) }
        let count = (size + stride - 1) / stride
        let all = max(0, (count - 1) * stride + span - size)
        return KerasSide(before: all / 2, after: all - all / 2)
    }
}

extension KerasBuilder {
    /// The value as an image of the engine's, whichever way round the layer has it.
    mutating func engineImage(_ operands: KerasOperands) throws(ImportProblem) -> (GraphAssembly.Value, [Int]) {
        let value = try operands.single()
        guard value.shape.count == 3 else {
            throw operands.settings.problem("reads \(value.shape), which is not an image")
        }
        let image = try operands.settings.isChannelsFirst ? plain(value) : image(value)
        return (image.engine, assembly.shape(of: image.engine).extents)
    }

    /// What the engine made of an image, as the layer has it.
    func kerasImage(_ engine: GraphAssembly.Value, _ operands: KerasOperands) -> KerasValue {
        let extents = assembly.shape(of: engine).extents
        if operands.settings.isChannelsFirst { return KerasValue(engine, extents) }
        return KerasValue(engine, [extents[1], extents[2], extents[0]], .image)
    }

    fileprivate func isSame(_ operands: KerasOperands) throws(ImportProblem) -> Bool {
        switch operands.settings.text("padding", "valid").lowercased() {
        case "same": return true
        case "valid": return false
        case let other: throw operands.settings.unsupported("padding \(other.shortened) is not supported")
        }
    }

    /// The window that a layer moves: kernel, strides, dilation.
    private func window(
        _ operands: KerasOperands, kernel: (Int, Int)
    ) throws(ImportProblem) -> (strides: (Int, Int), dilation: (Int, Int), spans: (Int, Int)) {
        let strides = try operands.settings.pair("strides", 1)
        let dilation = try operands.settings.pair("dilation_rate", 1)
        let all = [strides.height, strides.width, dilation.height, dilation.width, kernel.0, kernel.1]
        guard all.allSatisfy({ (1...1 << 16).contains($0) }) else {
            throw operands.settings.problem("has strides or dilations that are not above 0")
        }
        return (
            (strides.height, strides.width), (dilation.height, dilation.width),
            ((kernel.0 - 1) * dilation.height + 1, (kernel.1 - 1) * dilation.width + 1)
        )
    }

    /// - Parameter kernel: [height, width, inputs of a group, outputs].
    mutating func convolution(
        _ operands: KerasOperands, kernel: KerasTensor, bias: KerasTensor?, groups: Int
    ) throws(ImportProblem) -> KerasValue {
        let image = try engineImage(operands)
        guard kernel.shape.count == 4, groups >= 1 else { throw operands.settings.problem("has a kernel that is none") }
        try check(operands, kernel, outputs: kernel.shape[3])
        let (high, wide, inputs, outputs) = (kernel.shape[0], kernel.shape[1], kernel.shape[2], kernel.shape[3])
        let weight = KerasBuilder.reordered(kernel, [3, 2, 0, 1])
        return try convolution(
            operands, image, weight: Tensor(extents: [outputs, inputs, high, wide], values: weight), bias: bias,
            groups: groups)
    }

    /// Refuses settings that the weights contradict.
    private func check(
        _ operands: KerasOperands, _ kernel: KerasTensor, outputs: Int?
    ) throws(ImportProblem) {
        if let outputs { try operands.settings.check("filters", outputs) }
        guard operands.settings["kernel_size"] != nil else { return }
        let size = try operands.settings.pair("kernel_size")
        guard [size.height, size.width] == Array(kernel.shape[..<2]) else {
            throw operands.settings.problem(
                "has a kernel_size of \(size.height)×\(size.width), but weights of \(kernel.shape)")
        }
    }

    /// - Parameter weight: as the engine has it.
    private mutating func convolution(
        _ operands: KerasOperands, _ image: (GraphAssembly.Value, [Int]), weight: Tensor, bias: KerasTensor?,
        groups: Int
    ) throws(ImportProblem) -> KerasValue {
        let (outputs, high, wide) = (weight.extents[0], weight.extents[2], weight.extents[3])
        let window = try window(operands, kernel: (high, wide))
        let isSame = try isSame(operands)
        let rows = KerasSide.padding(image.1[1], span: window.spans.0, stride: window.strides.0, isSame: isSame)
        let columns = KerasSide.padding(image.1[2], span: window.spans.1, stride: window.strides.1, isSame: isSame)
        var source = image.0
        var padding = [rows.before, columns.before]
        if rows.before != rows.after || columns.before != columns.after {
            source = try add(
                "pad", ["pad": .integers([columns.before, columns.after, rows.before, rows.after])], [source],
                operands.layer)
            padding = [0, 0]
        }
        var tensors = ["weight": weight]
        if let bias { tensors["bias"] = try vector(bias, outputs, operands) }
        let made = try add(
            "Conv2d",
            [
                "in_channels": .integer(image.1[0]), "out_channels": .integer(outputs),
                "kernel_size": .integers([high, wide]), "stride": .integers([window.strides.0, window.strides.1]),
                "padding": .integers(padding), "dilation": .integers([window.dilation.0, window.dilation.1]),
                "groups": .integer(groups), "bias": .boolean(bias != nil),
            ], [source], operands.layer, tensors: tensors)
        return kerasImage(made, operands)
    }

    /// - Parameter kernel: [height, width, inputs, multiplier].
    fileprivate mutating func depthwise(
        _ operands: KerasOperands, _ kernel: KerasTensor, bias: KerasTensor?
    ) throws(ImportProblem) -> KerasValue {
        let image = try engineImage(operands)
        guard kernel.shape.count == 4, kernel.shape[2] == image.1[0] else {
            throw operands.settings.problem("reads \(image.1[0]) channels, which its weights do not fit")
        }
        try check(operands, kernel, outputs: nil)
        let (high, wide, inputs, many) = (kernel.shape[0], kernel.shape[1], kernel.shape[2], kernel.shape[3])
        let weight = Tensor(
            extents: [inputs * many, 1, high, wide], values: KerasBuilder.reordered(kernel, [2, 3, 0, 1]))
        return try convolution(operands, image, weight: weight, bias: bias, groups: inputs)
    }

    fileprivate mutating func pointwise(
        _ operands: KerasOperands, _ value: KerasValue, _ kernel: KerasTensor, bias: KerasTensor?
    ) throws(ImportProblem) -> KerasValue {
        let channels = assembly.shape(of: value.engine).extents[0]
        guard kernel.shape.count == 4, kernel.shape[0] == 1, kernel.shape[1] == 1, kernel.shape[2] == channels else {
            throw operands.settings.problem("has a pointwise kernel that does not fit")
        }
        let outputs = kernel.shape[3]
        try operands.settings.check("filters", outputs)
        var tensors = [
            "weight": Tensor(
                extents: [outputs, channels, 1, 1], values: KerasBuilder.reordered(kernel, [3, 2, 0, 1]))
        ]
        if let bias { tensors["bias"] = try vector(bias, outputs, operands) }
        let made = try add(
            "Conv2d",
            [
                "in_channels": .integer(channels), "out_channels": .integer(outputs), "kernel_size": .integer(1),
                "bias": .boolean(bias != nil),
            ], [value.engine], operands.layer, tensors: tensors)
        return kerasImage(made, operands)
    }

    /// The values of a kernel with its axes in another order.
    static func reordered(_ tensor: KerasTensor, _ axes: [Int]) -> [Float] {
        let extents = axes.map { tensor.shape[$0] }
        var strides = [Int](repeating: 1, count: tensor.shape.count)
        for axis in stride(from: tensor.shape.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * tensor.shape[axis + 1]
        }
        let steps = axes.map { strides[$0] }
        return [Float](unsafeUninitializedCapacity: tensor.values.count) { memory, count in
            tensor.values.withUnsafeBufferPointer { source in
                var place = 0
                for a in 0..<extents[0] {
                    for b in 0..<extents[1] {
                        for c in 0..<extents[2] {
                            let start = a * steps[0] + b * steps[1] + c * steps[2]
                            for d in 0..<extents[3] {
                                memory[place] = source[start + d * steps[3]]
                                place += 1
                            }
                        }
                    }
                }
                count = place
            }
        }
    }
}

// MARK: Transposed convolutions

extension KerasBuilder {
    /// One side of a transposed convolution: what is cut off the full result, or added to it.
    private struct TransposedSide {
        var padding = 0
        var outputPadding = 0
        /// Cut off the end alone.
        var cut = 0

        init(size: Int, span: Int, stride: Int, isSame: Bool, outputPadding given: Int?, kernel: Int) {
            let full = (size - 1) * stride + span
            let wanted: Int
            if let given {
                wanted = full - (isSame ? 2 * (kernel / 2) : 0) + given
            } else {
                wanted = isSame ? size * stride : max(full, size * stride)
            }
            let all = max(0, full - wanted)
            // Of an odd number the larger part is cut off the end, as the gradient of `same` padding is.
            padding = isSame ? all / 2 : 0
            cut = all - 2 * padding
            outputPadding = max(0, wanted - full)
        }
    }

    /// Kernel [height, width, outputs, inputs].
    fileprivate mutating func transposedConvolution(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let variables = try variables(operands)
        let kernel = variables[0]
        let image = try engineImage(operands)
        guard kernel.shape.count == 4, kernel.shape[3] == image.1[0] else {
            throw operands.settings.problem("reads \(image.1[0]) channels, which its weights do not fit")
        }
        try check(operands, kernel, outputs: kernel.shape[2])
        guard try operands.settings.integer("groups", 1) == 1 else {
            throw operands.settings.unsupported("groups are not supported")
        }
        let (high, wide, outputs) = (kernel.shape[0], kernel.shape[1], kernel.shape[2])
        let window = try window(operands, kernel: (high, wide))
        let isSame = try isSame(operands)
        let given = operands.settings["output_padding"] == nil ? nil : try operands.settings.pair("output_padding")
        let rows = TransposedSide(
            size: image.1[1], span: window.spans.0, stride: window.strides.0, isSame: isSame,
            outputPadding: given?.height, kernel: high)
        let columns = TransposedSide(
            size: image.1[2], span: window.spans.1, stride: window.strides.1, isSame: isSame,
            outputPadding: given?.width, kernel: wide)
        var tensors = [
            "weight": Tensor(
                extents: [image.1[0], outputs, high, wide], values: KerasBuilder.reordered(kernel, [3, 2, 0, 1]))
        ]
        if variables.count > 1 { tensors["bias"] = try vector(variables[1], outputs, operands) }
        let made = try add(
            "ConvTranspose2d",
            [
                "in_channels": .integer(image.1[0]), "out_channels": .integer(outputs),
                "kernel_size": .integers([high, wide]), "stride": .integers([window.strides.0, window.strides.1]),
                "padding": .integers([rows.padding, columns.padding]),
                "output_padding": .integers([rows.outputPadding, columns.outputPadding]),
                "dilation": .integers([window.dilation.0, window.dilation.1]),
                "bias": .boolean(variables.count > 1),
            ], [image.0], operands.layer, tensors: tensors)
        // The activation goes first, so that it is done with the convolution; but softmax may look at other pixels.
        let isPointwise = isActivationPointwise(operands)
        var value = kerasImage(made, operands)
        if isPointwise { value = try activation(of: operands, value) }
        if rows.cut > 0 || columns.cut > 0 {
            let cut = try add(
                "pad", ["pad": .integers([0, -columns.cut, 0, -rows.cut])], [value.engine], operands.layer)
            value = kerasImage(cut, operands)
        }
        return isPointwise ? value : try activation(of: operands, value)
    }
}

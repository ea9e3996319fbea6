extension Operation {
    /// The shape that this operation makes of its inputs' shapes.
    ///
    /// - Throws: ``ArchitectureError`` where the operation's own numbers, or the inputs, don't fit.
    public func outputShape(of inputs: [Shape]) throws(ArchitectureError) -> Shape {
        guard inputs.count == 1, let input = inputs.first else {
            throw .wrongInputCount(kind, expected: 1, found: inputs.count)
        }
        switch self {
        case .linear(let width, let outputs, _):
            try expect(input.extents.count == 1 && input.count == width, input, "\(width) features")
            return try Shape([outputs])
        case .convolution(let layer):
            let image = try imageInput(input, channels: layer.inputs)
            return try Shape([
                layer.outputs,
                try windows(image.height, layer.kernel.height, layer.stride.height, layer.padding.height),
                try windows(image.width, layer.kernel.width, layer.stride.width, layer.padding.width),
            ])
        case .transposedConvolution(let layer):
            return try transposedShape(layer, of: input)
        case .maxPooling(let window), .averagePooling(let window):
            let image = try imageInput(input, channels: nil)
            try require(
                2 * window.padding.height <= window.kernel.height && 2 * window.padding.width <= window.kernel.width,
                "padding of at most half the kernel")
            return try Shape([
                image.channels,
                try windows(image.height, window.kernel.height, window.stride.height, window.padding.height),
                try windows(image.width, window.kernel.width, window.stride.width, window.padding.width),
            ])
        case .upsampling(let factor):
            let image = try imageInput(input, channels: nil)
            try require(factor.height >= 1 && factor.width >= 1, "a scale factor of at least 1")
            return try Shape([
                image.channels, try product(image.height, factor.height), try product(image.width, factor.width),
            ])
        case .activation:
            return input
        case .softmax:
            try expect(input.extents.count == 1, input, "a vector of features")
            return input
        case .batchNormalization(let layer):
            try require(layer.epsilon > 0, "an epsilon above 0")
            try expect(
                input.extents[0] == layer.channels && input.extents.count != 2, input, "\(layer.channels) channels")
            return input
        case .flatten:
            return try Shape([input.count])
        case .unflatten(let shape):
            try expect(input.extents.count == 1 && input.count == shape.count, input, "\(shape.count) features")
            return shape
        }
    }

    /// What `torch.nn` calls the operation.
    public var kind: String {
        switch self {
        case .linear: "Linear"
        case .convolution: "Conv2d"
        case .transposedConvolution: "ConvTranspose2d"
        case .maxPooling: "MaxPool2d"
        case .averagePooling: "AvgPool2d"
        case .upsampling: "Upsample"
        case .activation(.relu): "ReLU"
        case .activation(.leakyReLU): "LeakyReLU"
        case .activation(.silu): "SiLU"
        case .activation(.tanh): "Tanh"
        case .activation(.sigmoid): "Sigmoid"
        case .activation(.softplus): "Softplus"
        case .softmax: "Softmax"
        case .batchNormalization: "BatchNorm2d"
        case .flatten: "Flatten"
        case .unflatten: "Unflatten"
        }
    }

    private func transposedShape(
        _ layer: TransposedConvolution, of input: Shape
    ) throws(ArchitectureError) -> Shape {
        let image = try imageInput(input, channels: layer.inputs)
        func extent(
            _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ extra: Int
        ) throws(ArchitectureError) -> Int {
            try require(
                kernel >= 1 && kernel <= 1024 && stride >= 1 && padding >= 0, "a kernel and a stride of at least 1")
            try require(extra >= 0 && extra < stride, "an output padding below its stride")
            return try product(size - 1, stride) - 2 * padding + kernel + extra
        }
        return try Shape([
            layer.outputs,
            try extent(
                image.height, layer.kernel.height, layer.stride.height, layer.padding.height,
                layer.outputPadding.height),
            try extent(
                image.width, layer.kernel.width, layer.stride.width, layer.padding.width, layer.outputPadding.width),
        ])
    }

    /// How many windows fit along one side.
    private func windows(
        _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int
    ) throws(ArchitectureError) -> Int {
        try require(kernel >= 1 && stride >= 1 && padding >= 0, "a kernel and a stride of at least 1")
        try require(kernel <= 1024 && stride <= 1024 && padding <= 1024, "a kernel, stride and padding of at most 1024")
        let covered = size + 2 * padding - kernel
        try require(covered >= 0, "an input of at least \(kernel) pixels a side, and it has \(size)")
        return covered / stride + 1
    }

    private func imageInput(
        _ shape: Shape, channels: Int?
    ) throws(ArchitectureError) -> (channels: Int, height: Int, width: Int) {
        guard let image = shape.image, channels == nil || image.channels == channels else {
            throw .wrongInput(
                kind, found: shape,
                expected: channels.map { "\($0) channels × height × width" } ?? "channels × height × width")
        }
        return image
    }

    private func expect(
        _ isRight: Bool, _ found: Shape, _ expected: String
    ) throws(ArchitectureError) {
        guard isRight else { throw .wrongInput(kind, found: found, expected: expected) }
    }

    private func require(_ isRight: Bool, _ what: String) throws(ArchitectureError) {
        guard isRight else { throw .badLayer(kind, needs: what) }
    }

    private func product(_ left: Int, _ right: Int) throws(ArchitectureError) -> Int {
        let (value, overflows) = left.multipliedReportingOverflow(by: right)
        guard !overflows, value <= Shape.largestCount else { throw .badShape([left, right]) }
        return value
    }
}

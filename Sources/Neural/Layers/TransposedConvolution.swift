import CKernels

/// The transpose of a convolution, W `[inputs, outputs / groups, kernel height, kernel width]`:
/// `torch.nn.ConvTranspose2d`.
public struct TransposedConvolution: ExecutableLayer {
    public var inputs: Int
    public var outputs: Int
    public var kernel: Extent
    public var stride: Extent
    public var padding: Extent
    public var outputPadding: Extent
    public var dilation: Extent
    public var groups: Int
    public var bias: Bool

    public init(
        inputs: Int, outputs: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        outputPadding: Extent = Extent(0), dilation: Extent = Extent(1), groups: Int = 1, bias: Bool = true
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
        self.dilation = dilation
        self.groups = groups
        self.bias = bias
    }

    public static let kinds = [
        LayerKind(
            "ConvTranspose2d", TransposedConvolution(inputs: 0, outputs: 0, kernel: Extent(1)),
            [
                .integer("in_channels", \.inputs), .integer("out_channels", \.outputs),
                .extent("kernel_size", \.kernel), .extent("stride", \.stride, 1), .extent("padding", \.padding, 0),
                .extent("output_padding", \.outputPadding, 0), .integer("groups", \.groups, 1).unwrittenDefault,
                .flag("bias", \.bias, true), .extent("dilation", \.dilation, 1).unwrittenDefault,
                .only("padding_mode", .text("zeros")),
            ])
    ]

    public var parameters: [ParameterDeclaration] {
        ParameterDeclaration.weights(
            [inputs, outputs / max(1, groups), kernel.height, kernel.width], outputs: outputs, bias: bias)
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let image = try imageInput(shapes[0], channels: inputs)
        try require(
            groups >= 1 && inputs % groups == 0 && outputs % groups == 0, "channels that are multiples of its groups")
        return try Shape([
            outputs,
            try side(
                image.height,
                Window(
                    kernel: kernel.height, stride: stride.height, padding: padding.height, dilation: dilation.height),
                outputPadding.height),
            try side(
                image.width,
                Window(kernel: kernel.width, stride: stride.width, padding: padding.width, dilation: dilation.width),
                outputPadding.width),
        ])
    }

    func limits(of inputs: [Shape], to output: Shape) -> [LayerLimit] {
        guard let image = inputs[0].image else { return [] }
        let (rows, columns) = (
            inputsSeen(image.height, kernel.height, stride.height), inputsSeen(image.width, kernel.width, stride.width)
        )
        let (positions, pairs) = (output.count / outputs, image.channels / groups)
        return [
            .multiplications(image.height * image.width, kernel.height * kernel.width, pairs, outputs),
            .multiplications(positions, rows, columns, pairs, outputs), .windowPixels(positions, rows, columns),
            .paddedNumbers(
                image.height + (kernel.height + padding.height) / stride.height + 1,
                image.width + (kernel.width + padding.width) / stride.width + 1, image.channels),
        ]
    }

    /// The most inputs along one side that an output sees; a single one has no neighbors.
    private func inputsSeen(_ size: Int, _ kernel: Int, _ stride: Int) -> Int {
        size == 1 ? 1 : (kernel + stride - 1) / stride
    }

    private func side(_ size: Int, _ window: Window, _ extra: Int) throws(ArchitectureError) -> Int {
        try check(window)
        try require(
            extra >= 0 && extra < max(window.stride, window.dilation), "an output padding below its stride")
        return (size - 1) * window.stride - 2 * window.padding + window.span + extra
    }

    // MARK: Execution

    var withBias: Operation? {
        var layer = self
        layer.bias = true
        return Operation(layer)
    }
    var outputAxis: Int { 1 }
    var readsImages: Bool { true }

    /// PyTorch takes the second axis as the fan here too.
    func initialization(of parameter: ParameterDeclaration) -> ParameterInitialization {
        .uniform(fan: outputs / groups * kernel.height * kernel.width)
    }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let split = lowering.split(node.parameters)
        let source = lowering.readImage(node.inputs[0])
        guard groups == 1, dilation == Extent(1) else {
            let target = lowering.makeImage(node.output)
            lowering.append(
                GroupedConvolutionStage(
                    split.parameters, layer: self, from: node.inputShapes[0], to: node.outputShape, input: source,
                    output: target))
            return lowering.addOffset(split.offset, to: target, order: .plain)
        }
        // Rows and columns that are cut off afterwards, before the activation or after it, are not made.
        let cropped = lowering.fuseCrop(after: node.output)
        var fused = lowering.fuseActivation(after: cropped)
        fused.value = lowering.fuseCrop(after: fused.value)
        let (from, to) = (lowering.image(node.inputs[0]), lowering.image(fused.value))
        let target = lowering.makeImage(fused.value)
        guard lowering.isTraining else {
            lowering.append(
                InferenceConvolution(
                    split.parameters, self, from: from, to: to, activation: fused.activation, input: source,
                    output: target, isLast: lowering.mayLiePlainly(fused.value), isForValues: !lowering.hasTangents),
                making: fused.value)
            return lowering.addOffset(split.offset, to: target, order: .plain)
        }
        let window = lw_window(
            image: to, kernel: kernel, stride: stride, padding: padding, rows: from.height, columns: from.width)
        lowering.append(
            TransposedConvolutionStage(
                split.parameters, window: window, inputs: inputs, activation: fused.activation, input: source,
                output: target))
        lowering.addOffset(split.offset, to: target, order: .plain)
    }
}

import CKernels

/// Cross-correlation, W `[outputs, inputs / groups, kernel height, kernel width]`: `torch.nn.Conv2d`.
public struct Convolution: ExecutableLayer {
    public var inputs: Int
    public var outputs: Int
    public var kernel: Extent
    public var stride: Extent
    public var padding: Extent
    public var dilation: Extent
    public var groups: Int
    public var bias: Bool

    public init(
        inputs: Int, outputs: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        dilation: Extent = Extent(1), groups: Int = 1, bias: Bool = true
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.bias = bias
    }

    public static let kinds = [
        LayerKind(
            "Conv2d", Convolution(inputs: 0, outputs: 0, kernel: Extent(1)),
            [
                .integer("in_channels", \.inputs), .integer("out_channels", \.outputs),
                .extent("kernel_size", \.kernel), .extent("stride", \.stride, 1), .extent("padding", \.padding, 0),
                .extent("dilation", \.dilation, 1).unwrittenDefault, .integer("groups", \.groups, 1).unwrittenDefault,
                .flag("bias", \.bias, true), .only("padding_mode", .text("zeros")),
            ])
    ]

    public var parameters: [ParameterDeclaration] {
        ParameterDeclaration.weights(
            [outputs, inputs / max(1, groups), kernel.height, kernel.width], outputs: outputs, bias: bias)
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let image = try imageInput(shapes[0], channels: inputs)
        try require(
            groups >= 1 && inputs % groups == 0 && outputs % groups == 0, "channels that are multiples of its groups")
        let (vertical, horizontal) = sides
        return try Shape([outputs, try windows(image.height, vertical), try windows(image.width, horizontal)])
    }

    private var sides: (Window, Window) {
        (
            Window(kernel: kernel.height, stride: stride.height, padding: padding.height, dilation: dilation.height),
            Window(kernel: kernel.width, stride: stride.width, padding: padding.width, dilation: dilation.width)
        )
    }

    // MARK: Execution

    var withBias: Operation? {
        var layer = self
        layer.bias = true
        return Operation(layer)
    }
    var readsImages: Bool { true }

    func initialization(of parameter: ParameterDeclaration) -> ParameterInitialization {
        .uniform(fan: inputs / groups * kernel.height * kernel.width)
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
            return lowering.addOffset(split.offset, to: target, order: .plain, channels: outputs)
        }
        let fused = lowering.fuseHead(after: node.output)
        let target = lowering.makeImage(fused.value)
        let head = PooledHead(
            channels: outputs, activation: fused.activation, pool: fused.pool, output: target,
            trainingBatch: lowering.trainingBatch)
        let window = lw_window(
            image: lowering.image(node.inputs[0]), kernel: kernel, stride: stride, padding: padding,
            rows: lowering.image(node.output).height, columns: lowering.image(node.output).width)
        let wanted = source.hasGradient
        if ThinConvolutionStage.suits(self) {
            lowering.append(
                ThinConvolutionStage(
                    split.parameters, window: window, head: head, input: source, needsInputGradient: wanted))
        } else if WinogradConvolutionStage.suits(self) {
            lowering.append(
                WinogradConvolutionStage(
                    split.parameters, window: window, head: head, input: source, needsInputGradient: wanted))
        } else {
            lowering.append(
                ConvolutionStage(
                    split.parameters, window: window, head: head, input: source, needsInputGradient: wanted))
        }
        lowering.addOffset(split.offset, to: target, order: .plain, channels: outputs)
    }
}

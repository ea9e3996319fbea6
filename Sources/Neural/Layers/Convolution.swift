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
    public var paddingMode: PaddingMode
    /// Whether it is padded, not by ``padding``, so that the image keeps its size: `padding="same"`.
    public var keepsSize: Bool

    public enum PaddingMode: String, CaseIterable, Hashable, Sendable {
        case zeros, reflect, replicate, circular
    }

    public init(
        inputs: Int, outputs: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        dilation: Extent = Extent(1), groups: Int = 1, bias: Bool = true, paddingMode: PaddingMode = .zeros,
        keepsSize: Bool = false
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.bias = bias
        self.paddingMode = paddingMode
        self.keepsSize = keepsSize
    }

    public static let kinds = [
        LayerKind(
            "Conv2d", Convolution(inputs: 0, outputs: 0, kernel: Extent(1)),
            [
                .integer("in_channels", \.inputs), .integer("out_channels", \.outputs),
                .extent("kernel_size", \.kernel), .extent("stride", \.stride, 1), paddingKeyword,
                .extent("dilation", \.dilation, 1).unwrittenDefault, .integer("groups", \.groups, 1).unwrittenDefault,
                .flag("bias", \.bias, true),
                Keyword.choice("padding_mode", \.paddingMode, .zeros).unwrittenDefault,
            ])
    ]

    private static let paddingKeyword = Keyword<Convolution>(
        name: "padding", expected: Extent.expected + ", or \"same\" or \"valid\"", standard: .integer(0), supported: [],
        get: { $0.keepsSize ? .text("same") : Setting($0.padding) },
        set: { layer, setting in
            layer.keepsSize = setting == .text("same")
            guard case .text(let word) = setting else {
                layer.padding = Extent(setting) ?? Extent(0)
                return Extent(setting) != nil
            }
            layer.padding = Extent(0)
            return ["same", "valid"].contains(word)
        })

    public var parameters: [ParameterDeclaration] {
        ParameterDeclaration.weights(
            [outputs, inputs / max(1, groups), kernel.height, kernel.width], outputs: outputs, bias: bias)
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let image = try imageInput(shapes[0], channels: inputs)
        try require(
            groups >= 1 && inputs % groups == 0 && outputs % groups == 0, "channels that are multiples of its groups")
        try require(!keepsSize || stride == Extent(1), "a stride of 1 where its padding is \"same\"")
        let (vertical, horizontal) = sides
        try check(vertical.window)
        try check(horizontal.window)
        try expect(
            vertical.fits(image.height, paddingMode) && horizontal.fits(image.width, paddingMode), shapes[0],
            "images larger than their padding")
        if plain == nil {
            _ = try Shape([image.channels, image.height + vertical.padding, image.width + horizontal.padding])
        }
        return try Shape([
            outputs, try windows(image.height + vertical.padding, vertical.window),
            try windows(image.width + horizontal.padding, horizontal.window),
        ])
    }

    func limits(of inputs: [Shape], to output: Shape) -> [LayerLimit] {
        let (positions, taps) = (output.count / outputs, kernel.height * kernel.width)
        guard let image = inputs[0].image else { return [] }
        return [
            .multiplications(positions, taps, image.channels / groups, outputs), .windowPixels(positions, taps),
            .paddedNumbers(
                image.height + sides.vertical.padding, image.width + sides.horizontal.padding, image.channels),
        ]
    }

    /// One side's window, and the pixels that come before and after the image.
    struct Side {
        var window: Window
        let before: Int
        let after: Int

        var padding: Int { before + after }

        func fits(_ size: Int, _ mode: PaddingMode) -> Bool { max(before, after) <= mode.padding.most(size) }
    }

    var sides: (vertical: Side, horizontal: Side) {
        func side(_ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> Side {
            var window = Window(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
            let all = keepsSize ? max(0, window.span - 1) : 2 * padding
            window.padding = 0
            return Side(window: window, before: all / 2, after: all - all / 2)
        }
        return (
            side(kernel.height, stride.height, padding.height, dilation.height),
            side(kernel.width, stride.width, padding.width, dilation.width)
        )
    }

    /// The same layer with its padding in numbers; nil where that isn't zeros, the same on both sides.
    var plain: Convolution? {
        let (vertical, horizontal) = sides
        guard vertical.before == vertical.after, horizontal.before == horizontal.after,
            paddingMode == .zeros || vertical.padding + horizontal.padding == 0
        else { return nil }
        return with(padding: Extent(vertical.before, horizontal.before))
    }

    /// Whether each output sees all inputs, through taps that lie side by side: what all stages can but one.
    var isDense: Bool { groups == 1 && dilation == Extent(1) }

    func with(padding: Extent) -> Convolution {
        var layer = self
        (layer.padding, layer.keepsSize, layer.paddingMode) = (padding, false, .zeros)
        return layer
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
        if let plain {
            let source = lowering.readImage(node.inputs[0])
            plain.lower(node, of: node.inputShapes[0], at: source, into: &lowering)
        } else {
            let padded = lowering.readPadded(node.inputs[0], for: self)
            with(padding: Extent(0)).lower(node, of: padded.shape, at: padded.values, into: &lowering)
        }
    }

    /// With zeros around the images, by as many as ``padding`` says.
    private func lower(
        _ node: LoweredNode, of shape: Shape, at source: ValueBuffer, into lowering: inout Lowering
    ) {
        let split = lowering.split(node.parameters)
        guard isDense else {
            let target = lowering.makeImage(node.output)
            lowering.append(
                GroupedConvolutionStage(
                    split.parameters, layer: self, from: shape, to: node.outputShape, input: source, output: target))
            return lowering.addOffset(split.offset, to: target, order: .plain)
        }
        let fused = lowering.fuseHead(after: node.output)
        let target = lowering.makeImage(fused.value)
        let (image, result) = (lowering.image(shape), lowering.image(node.output))
        if !lowering.isTraining, fused.pool == nil,
            let choice = InferenceConvolution(
                split.parameters, self, from: image, to: result, activation: fused.activation, input: source,
                output: target, isLast: lowering.mayLiePlainly(fused.value), isForValues: !lowering.hasTangents)
        {
            lowering.append(choice, making: fused.value)
            return lowering.addOffset(split.offset, to: target, order: .plain)
        }
        let head = PooledHead(
            channels: outputs, activation: fused.activation, pool: fused.pool, output: target,
            trainingBatch: lowering.trainingBatch)
        let window = lw_window(
            image: image, kernel: kernel, stride: stride, padding: padding, rows: result.height,
            columns: result.width)
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
        lowering.addOffset(split.offset, to: target, order: .plain)
    }
}

extension Convolution.PaddingMode {
    var padding: Padding.Mode {
        switch self {
        case .zeros: .constant
        case .reflect: .reflect
        case .replicate: .replicate
        case .circular: .circular
        }
    }
}

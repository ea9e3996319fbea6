import CKernels

/// The settings of a window that gathers pixels.
public struct Pooling: Hashable, Sendable {
    public var kernel: Extent
    /// Nil: windows beside each other.
    var givenStride: Extent?
    public var padding: Extent
    /// Whether a last window may reach over the edge.
    public var roundsUp: Bool
    /// From one pixel of a window to the next.
    public var dilation = Extent(1)

    public init(kernel: Extent, stride: Extent? = nil, padding: Extent = Extent(0), roundsUp: Bool = false) {
        self.kernel = kernel
        givenStride = stride
        self.padding = padding
        self.roundsUp = roundsUp
    }

    public var stride: Extent { givenStride ?? kernel }

    public static func == (left: Pooling, right: Pooling) -> Bool {
        left.kernel == right.kernel && left.stride == right.stride && left.padding == right.padding
            && left.roundsUp == right.roundsUp && left.dilation == right.dilation
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kernel)
        hasher.combine(stride)
        hasher.combine(padding)
        hasher.combine(roundsUp)
        hasher.combine(dilation)
    }

    var vertical: Window {
        Window(
            kernel: kernel.height, stride: stride.height, padding: padding.height, dilation: dilation.height,
            roundsUp: roundsUp)
    }
    var horizontal: Window {
        Window(
            kernel: kernel.width, stride: stride.width, padding: padding.width, dilation: dilation.width,
            roundsUp: roundsUp)
    }
}

/// A layer of windows, and its shape.
protocol PoolingLayer: ExecutableLayer {
    var pooling: Pooling { get set }
}

extension PoolingLayer {
    static var windowKeywords: [Keyword<Self>] {
        [
            .extent("kernel_size", \.pooling.kernel),
            // PyTorch's default is None: windows beside each other. Files say what that comes to.
            Keyword(
                name: "stride", expected: Extent.expected, standard: Setting.none, supported: [],
                get: { Setting($0.pooling.stride) },
                set: { layer, setting in
                    guard setting != .none else { return true }
                    guard let stride = Extent(setting) else { return false }
                    layer.pooling.givenStride = stride
                    return true
                }),
            .extent("padding", \.pooling.padding, 0),
            .flag("ceil_mode", \.pooling.roundsUp, false).unwrittenDefault,
        ]
    }

    var readsImages: Bool { true }

    func pooledShape(of input: Shape) throws(ArchitectureError) -> Shape {
        let image = try imageInput(input)
        try require(
            2 * pooling.padding.height <= pooling.kernel.height && 2 * pooling.padding.width <= pooling.kernel.width,
            "padding of at most half the kernel")
        return try Shape([
            image.channels, try windows(image.height, pooling.vertical), try windows(image.width, pooling.horizontal),
        ])
    }

    func limits(of inputs: [Shape], to output: Shape) -> [LayerLimit] {
        [.readPixels(output.count, pooling.kernel.height, pooling.kernel.width)]
    }

    /// The window over the images that a node reads.
    func window(_ node: LoweredNode, in lowering: Lowering) -> lw_window {
        let result = lowering.image(node.output)
        return lw_window(
            image: lowering.image(node.inputs[0]), kernel: pooling.kernel, stride: pooling.stride,
            padding: pooling.padding, rows: result.height, columns: result.width)
    }
}

/// The maximum over windows: `torch.nn.MaxPool2d`.
public struct MaxPooling: PoolingLayer {
    public var pooling: Pooling

    public init(_ pooling: Pooling) { self.pooling = pooling }

    public static let kinds = [
        LayerKind(
            "MaxPool2d", MaxPooling(Pooling(kernel: Extent(1))),
            windowKeywords + [
                .extent("dilation", \.pooling.dilation, 1).unwrittenDefault, .only("return_indices", .boolean(false)),
            ])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let (shape, image) = try (pooledShape(of: shapes[0]), imageInput(shapes[0]))
        try require(
            reaches(pooling.vertical, image.height) && reaches(pooling.horizontal, image.width),
            "windows that each cover a pixel of the image")
        return shape
    }

    /// Whether every window has a pixel of one side; those that begin in the padding may step over it.
    private func reaches(_ window: Window, _ size: Int) -> Bool {
        stride(from: -window.padding, to: 0, by: window.stride).allSatisfy { start in
            stride(from: start, to: min(size, start + window.span), by: window.dilation).contains { $0 >= 0 }
        }
    }

    /// Whether the windows lie within the image and its padding, so that the usual loops serve.
    var isPlain: Bool {
        !pooling.roundsUp && pooling.dilation == Extent(1) && pooling.kernel.height * pooling.kernel.width <= 256
    }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        guard isPlain, !lowering.hasTangents else {
            let image = lowering.image(node.inputs[0])
            return lowering.appendMaximum(
                node, rows: places(pooling.vertical, image.height), columns: places(pooling.horizontal, image.width))
        }
        let window = window(node, in: lowering)
        let source = lowering.readImage(node.inputs[0])
        lowering.append(
            MaxPoolingStage(
                window: window, input: source, output: lowering.makeImage(node.output),
                trainingBatch: lowering.trainingBatch))
    }
}

extension MaxPooling {
    /// The pixels of one side that each window covers.
    func places(_ window: Window, _ size: Int) -> [[Int]] {
        (0..<((try? windows(size, window)) ?? 0)).map { index in
            let start = index * window.stride - window.padding
            return stride(from: start, to: start + window.span, by: window.dilation).filter { (0..<size).contains($0) }
        }
    }
}

/// The mean over windows: `torch.nn.AvgPool2d`.
public struct AveragePooling: PoolingLayer, SeparableLayer {
    public var pooling: Pooling
    /// Whether padding counts, as zeros.
    public var countsPadding: Bool

    public init(_ pooling: Pooling, countsPadding: Bool = true) {
        self.pooling = pooling
        self.countsPadding = countsPadding
    }

    public static let kinds = [
        LayerKind(
            "AvgPool2d", AveragePooling(Pooling(kernel: Extent(1))),
            windowKeywords + [
                .flag("count_include_pad", \.countsPadding, true).unwrittenDefault, .only("divisor_override", .none),
            ])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape { try pooledShape(of: shapes[0]) }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        guard !pooling.roundsUp, countsPadding || pooling.padding == Extent(0) else {
            return lowering.appendSeparable(node, self)
        }
        let window = window(node, in: lowering)
        let source = lowering.readImage(node.inputs[0])
        lowering.append(
            AveragePoolingStage(window: window, input: source, output: lowering.makeImage(node.output)))
    }

    func taps(of image: Shape, to output: Shape) -> (rows: [[Tap]], columns: [[Tap]]) {
        (taps(pooling.vertical, image.extents[1]), taps(pooling.horizontal, image.extents[2]))
    }

    /// The weights of the pixels of one side in each window.
    ///
    /// Padding counts only as far as it was asked for: a last window that reaches further, over the edge, is divided by
    /// fewer.
    private func taps(_ window: Window, _ size: Int) -> [[Tap]] {
        (0..<((try? windows(size, window)) ?? 0)).map { index in
            let start = index * window.stride - window.padding
            let end = min(start + window.kernel, size + window.padding)
            let inside = max(0, start)..<min(size, end)
            let divisor = Float(countsPadding ? end - start : inside.count)
            return inside.map { Tap(place: $0, weight: 1 / divisor) }
        }
    }
}

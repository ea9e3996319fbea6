/// Windows that divide an image into so many rows and columns, whatever its size.
protocol AdaptivePoolingLayer: ExecutableLayer {
    /// The result's height and width.
    var size: Extent { get set }
}

extension AdaptivePoolingLayer {
    var readsImages: Bool { true }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let image = try imageInput(shapes[0])
        return try Shape([image.channels, size.height, size.width])
    }

    /// The pixels of one side that each window covers; windows overlap where the sides don't divide.
    func windows(_ length: Int, into count: Int) -> [Range<Int>] {
        (0..<count).map { $0 * length / count..<(($0 + 1) * length + count - 1) / count }
    }
}

/// The mean over windows that are as many as is wanted: `torch.nn.AdaptiveAvgPool2d`. One window is global pooling.
public struct AdaptiveAveragePooling: AdaptivePoolingLayer {
    public var size = Extent(1)

    public static let kinds = [
        LayerKind("AdaptiveAvgPool2d", AdaptiveAveragePooling(), [.extent("output_size", \.size)])
    ]

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let image = lowering.image(node.inputs[0])
        func taps(_ length: Int, _ count: Int) -> [[Tap]] {
            windows(length, into: count).map { window in window.map { Tap(place: $0, weight: 1 / Float(window.count)) }
            }
        }
        lowering.appendSeparable(node, rows: taps(image.height, size.height), columns: taps(image.width, size.width))
    }
}

/// The maximum over such windows: `torch.nn.AdaptiveMaxPool2d`.
public struct AdaptiveMaxPooling: AdaptivePoolingLayer {
    public var size = Extent(1)

    public static let kinds = [
        LayerKind(
            "AdaptiveMaxPool2d", AdaptiveMaxPooling(),
            [.extent("output_size", \.size), .only("return_indices", .boolean(false))])
    ]

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let image = lowering.image(node.inputs[0])
        lowering.appendMaximum(
            node, rows: windows(image.height, into: size.height).map(Array.init),
            columns: windows(image.width, into: size.width).map(Array.init))
    }
}

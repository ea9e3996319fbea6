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
public struct AdaptiveAveragePooling: AdaptivePoolingLayer, SeparableLayer {
    public var size = Extent(1)

    public static let kinds = [
        LayerKind("AdaptiveAvgPool2d", AdaptiveAveragePooling(), [.extent("output_size", \.size)])
    ]

    func lower(_ node: LoweredNode, into lowering: inout Lowering) { lowering.appendSeparable(node, self) }

    func taps(of image: Shape, to output: Shape) -> (rows: [[Tap]], columns: [[Tap]]) {
        func taps(_ length: Int, _ count: Int) -> [[Tap]] {
            windows(length, into: count).map { window in window.map { Tap(place: $0, weight: 1 / Float(window.count)) }
            }
        }
        return (taps(image.extents[1], size.height), taps(image.extents[2], size.width))
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

    /// The rows, and the columns, of an image that each of the result is the maximum of.
    public func windows(of image: Shape) -> (rows: [Range<Int>], columns: [Range<Int>]) {
        (windows(image.extents[1], into: size.height), windows(image.extents[2], into: size.width))
    }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let windows = windows(of: node.inputShapes[0])
        lowering.appendMaximum(node, rows: windows.rows.map(Array.init), columns: windows.columns.map(Array.init))
    }
}

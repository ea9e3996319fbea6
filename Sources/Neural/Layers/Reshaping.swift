/// All elements of a sample as one vector: `torch.nn.Flatten`.
public struct Flatten: ReshapingLayer {
    public static let kinds = [
        LayerKind(
            "Flatten", Flatten(),
            [.only("start_dim", .integer(1), isWritten: true), .only("end_dim", .integer(-1))])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape { try Shape([shapes[0].count]) }
}

/// A vector as another shape: `torch.nn.Unflatten`.
public struct Unflatten: ReshapingLayer {
    public var extents: [Int]

    init(_ extents: [Int]) { self.extents = extents }

    public static let kinds = [
        LayerKind(
            "Unflatten", Unflatten([1]),
            [
                .required("dim", .integer(1)),
                .integers(
                    "unflattened_size", \.extents,
                    expected: "one to \(Shape.mostExtents) whole numbers from 1, of not too many elements",
                    where: { (try? Shape($0)) != nil }),
            ])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let shape = try Shape(extents)
        try expect(
            shapes[0].extents.count == 1 && shapes[0].count == shape.count, shapes[0],
            counted(shape.count, "feature", "features"))
        return shape
    }
}

/// The same elements in another shape: `torch.reshape`, whose shape is a sample's.
public struct Reshape: ReshapingLayer {
    /// One of them may be −1: as many as are left.
    public var extents: [Int]

    init(_ extents: [Int]) { self.extents = extents }

    public static let kinds = [LayerKind("reshape", Reshape([1]), [.integers("shape", \.extents)])]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let known = extents.filter { $0 != -1 }
        try require(known.count >= extents.count - 1 && known.allSatisfy { $0 > 0 }, "extents above 0, one of them -1")
        let count = known.isEmpty ? 1 : try Shape(known).count
        let shape = try Shape(extents.map { $0 == -1 ? shapes[0].count / count : $0 })
        try expect(shape.count == shapes[0].count, shapes[0], counted(shape.count, "element", "elements"))
        return shape
    }
}

/// Nothing happens to a value when a network is used: `torch.nn.Dropout`, `torch.nn.Identity`.
public struct Identity: ReshapingLayer {
    let word: String
    var probability: Float = 0.5

    public static let kinds =
        ["Dropout", "Dropout2d"].map { name in
            LayerKind(
                name, Identity(word: name), [.number("p", \.probability, 0.5), .ignoredFlag("inplace")])
        } + [LayerKind("Identity", Identity(word: "Identity"))]

    public func kind(of inputs: [Shape]) -> String { word }
    var trainingProblem: String? {
        word != "Identity" && probability > 0 ? "values are not dropped in training here; a p of 0 can be trained" : nil
    }
    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape { shapes[0] }
    var isElementwise: Bool { true }
}

/// A layer that changes a value's shape and nothing else.
protocol ReshapingLayer: ExecutableLayer {}

extension ReshapingLayer {
    var keepsTiles: Bool { false }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) { lowering.alias(node) }
}

import CKernels

/// Several values one after the other along an axis: `torch.cat`.
public struct Concatenation: ExecutableLayer {
    public var axis: Int

    public init(axis: Int = 1) { self.axis = axis }

    public static let kinds = [LayerKind("cat", Concatenation(), [.axis("dim", \.axis, 0)])]

    public var inputCount: ClosedRange<Int> { 1...1024 }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let place = try axis(axis, of: shapes[0])
        var sum = 0
        for shape in shapes {
            try expect(
                shape.extents.count == shapes[0].extents.count
                    && shape.extents.indices.allSatisfy { $0 == place || shape.extents[$0] == shapes[0].extents[$0] },
                shape, "values that differ along axis \(axis) alone, the first of them \(shapes[0])")
            sum += shape.extents[place]
        }
        return try shapes[0].replacing(place, by: sum)
    }

    // MARK: Execution

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let orders = lowering.commonOrders(node, .any)
        let sources = node.inputs.indices.map { lowering.read(node.inputs[$0], as: orders.inputs[$0]) }
        let output = StoredShape(node.outputShape, isInnermost: orders.isInnermost)
        lowering.append(
            ConcatenationStage(
                rows: output.around(axis: place(of: axis, in: node.outputShape)).outer, inputs: sources,
                output: lowering.make(node.output, orders.output, staysInTile: true)))
    }
}

/// Several values of one shape along a new axis: `torch.stack`.
public struct Stacking: ExecutableLayer {
    public var axis: Int

    public init(axis: Int = 1) { self.axis = axis }

    public static let kinds = [LayerKind("stack", Stacking(), [.axis("dim", \.axis, 0)])]

    public var inputCount: ClosedRange<Int> { 1...1024 }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let place = try newAxis(axis, in: shapes[0])
        for shape in shapes { try expect(shape == shapes[0], shape, "values of one shape, \(shapes[0])") }
        var extents = shapes[0].extents
        extents.insert(shapes.count, at: place)
        return try Shape(extents)
    }

    // MARK: Execution

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let sources = node.inputs.map { lowering.read($0, as: .plain) }
        let place = place(of: axis, in: node.outputShape)
        lowering.append(
            ConcatenationStage(
                rows: node.outputShape.extents[..<place].reduce(1, *), inputs: sources,
                output: lowering.make(node.output, .plain, staysInTile: true)))
    }
}

/// Numbers that are the same for every sample and are not learned: what PyTorch's modules keep as a buffer.
public struct Constant: ExecutableLayer {
    public var extents: [Int]

    public init(_ extents: [Int]) { self.extents = extents }

    public static let kinds = [LayerKind("constant", Constant([1]), [.integers("shape", \.extents)])]

    public var inputCount: ClosedRange<Int> { 0...0 }
    public var parameters: [ParameterDeclaration] {
        [ParameterDeclaration(name: "value", extents: extents, role: .statistic)]
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape { try Shape(extents) }

    // MARK: Execution

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let order =
            lowering.wantsImage(node.output) ? FeatureOrder.innermost(node.outputShape) : FeatureOrder.plain
        lowering.append(
            SampleStage(
                ConstantKernel(count: node.outputShape.count), name: name, inputs: [],
                output: lowering.make(node.output, order, staysInTile: true),
                layouts: node.parameters.map { .features($0, order: order, isSharded: false) }))
    }
}

private struct ConstantKernel: SampleKernel {
    let count: Int

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        y.update(from: aid.parameters[0], count: count)
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        (y + count).update(repeating: 0, count: directions * count)
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {}
}

/// y = x Wᵀ + b over the last axis, W `[outputs, inputs]`: `torch.nn.Linear`.
public struct Linear: ExecutableLayer {
    public var inputs: Int
    public var outputs: Int
    public var bias: Bool

    public init(inputs: Int, outputs: Int, bias: Bool = true) {
        self.inputs = inputs
        self.outputs = outputs
        self.bias = bias
    }

    public static let kinds = [
        LayerKind(
            "Linear", Linear(inputs: 0, outputs: 0),
            [.integer("in_features", \.inputs), .integer("out_features", \.outputs), .flag("bias", \.bias, true)])
    ]

    public var parameters: [ParameterDeclaration] {
        ParameterDeclaration.weights([outputs, inputs], outputs: outputs, bias: bias)
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let extents = shapes[0].extents
        try expect(extents.last == inputs, shapes[0], counted(inputs, "feature", "features"))
        return try Shape(extents.dropLast() + [outputs])
    }

    func limits(of inputs: [Shape], to output: Shape) -> [LayerLimit] { [.multiplications(output.count, self.inputs)] }

    // MARK: Execution

    var withBias: Operation? { Operation(Linear(inputs: inputs, outputs: outputs)) }
    var keepsTiles: Bool { false }

    func initialization(of parameter: ParameterDeclaration) -> ParameterInitialization { .uniform(fan: inputs) }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        guard node.inputShapes[0].extents.count == 1 else { return lowerRows(node, into: &lowering) }
        let split = lowering.split(node.parameters)
        let fused = lowering.fuseActivation(after: node.output, looksThroughShapes: true)
        let order = lowering.wantedOrder(of: fused.value)
        let inputOrder = lowering.order(of: node.inputs[0])
        let source = lowering.read(node.inputs[0])
        let target = lowering.make(fused.value, order, staysInTile: false)
        lowering.append(
            LinearStage(
                split.parameters, inputs: inputOrder, outputs: order, activation: fused.activation, input: source,
                output: target))
        lowering.addOffset(split.offset, to: target, order: order)
    }

    /// Several vectors a sample, as tokens are.
    private func lowerRows(_ node: LoweredNode, into lowering: inout Lowering) {
        let source = lowering.read(node.inputs[0], as: .plain)
        let target = lowering.make(node.output, .plain, staysInTile: true)
        lowering.append(
            SampleStage(
                LinearRows(rows: node.outputShape.count / outputs, inputs: inputs, outputs: outputs, hasBias: bias),
                name: "linear \(inputs)→\(outputs)", inputs: [source], output: target,
                layouts: node.parameters.map { .plain($0, isSharded: true) }))
    }
}

/// y = x Wᵀ + b for each row of a sample, `[rows, inputs]` to `[rows, outputs]`.
private struct LinearRows: SampleKernel {
    let rows: Int
    let inputs: Int
    let outputs: Int
    let hasBias: Bool

    var products: Int { rows * inputs * outputs }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        multiply(x[0], y, aid)
        guard hasBias else { return }
        addRow(aid.parameters[1], to: y)
    }

    private func multiply(_ x: Floats, _ y: Floats, _ aid: KernelAid) {
        MatrixProduct.multiply(
            x, aStride: inputs, aid.parameters[0], .transposed, bStride: inputs, into: y, cStride: outputs, m: rows,
            n: outputs, k: inputs)
    }

    private func addRow(_ row: Floats, to y: Floats) {
        for index in 0..<rows {
            let line = y + index * outputs
            for column in 0..<outputs { line[column] += row[column] }
        }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        for direction in 1...directions {
            multiply(x[0] + direction * rows * inputs, y + direction * rows * outputs, aid)
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        MatrixProduct.multiply(
            dy, .transposed, aStride: outputs, x[0], bStride: inputs, into: aid.gradients[0], cStride: inputs,
            m: outputs, n: inputs, k: rows, accumulate: true)
        if hasBias {
            for row in 0..<rows { for column in 0..<outputs { aid.gradients[1][column] += dy[row * outputs + column] } }
        }
        guard let dx = dx[0] else { return }
        MatrixProduct.multiply(
            dy, aStride: outputs, aid.parameters[0], bStride: inputs, into: dx, cStride: inputs, m: rows, n: inputs,
            k: outputs)
    }
}

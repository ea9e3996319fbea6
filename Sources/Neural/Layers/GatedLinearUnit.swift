import CKernels

/// The first half of the channels along an axis times σ of the second: `torch.nn.GLU` (Dauphin et al. 2017).
public struct GatedLinearUnit: KernelLayer {
    public var axis = -1

    public static let kinds = [LayerKind("GLU", GatedLinearUnit(), [.axis("dim", \.axis, -1)])]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let place = try axis(axis, of: shapes[0])
        var extents = shapes[0].extents
        try expect(extents[place].isMultiple(of: 2), shapes[0], "an even extent along axis \(axis)")
        extents[place] /= 2
        return try Shape(extents)
    }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        let around = output.around(axis: place(of: axis, among: output.extents.count))
        return GateKernel(rows: around.outer, half: around.length * around.inner)
    }
}

/// Of x `[rows, 2, half]`.
private struct GateKernel: SampleKernel {
    let rows: Int
    let half: Int

    private var inputCount: Int { 2 * outputCount }
    private var outputCount: Int { rows * half }
    var scratch: Int { 2 * half }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        for row in 0..<rows {
            let values = x[0] + row * 2 * half
            open(values + half, aid.scratch)
            lw_multiply(values, aid.scratch, y + row * half, half)
        }
    }

    private func open(_ gates: Floats, _ result: Floats) { lw_unary(gates, result, half, LW_UNARY_SIGMOID, 0, 0) }

    /// The gates, and the derivatives by what opened them.
    private func slopes(_ values: Floats, _ gates: Floats, _ slopes: Floats) {
        open(values + half, gates)
        lw_unary_slopes(values + half, slopes, half, LW_UNARY_SIGMOID, 0, 0)
        lw_multiply(slopes, values, slopes, half)
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        let (gates, slopes) = (aid.scratch, aid.scratch + half)
        for row in 0..<rows {
            self.slopes(x[0] + row * 2 * half, gates, slopes)
            for direction in 1...directions {
                let from = x[0] + direction * inputCount + row * 2 * half
                let to = y + direction * outputCount + row * half
                for index in 0..<half { to[index] = from[index] * gates[index] + from[half + index] * slopes[index] }
            }
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        guard let dx = dx[0] else { return }
        let (gates, slopes) = (aid.scratch, aid.scratch + half)
        for row in 0..<rows {
            self.slopes(x[0] + row * 2 * half, gates, slopes)
            lw_multiply(dy + row * half, gates, dx + row * 2 * half, half)
            lw_multiply(dy + row * half, slopes, dx + row * 2 * half + half, half)
        }
    }
}

import CKernels

/// e^xᵢ / Σ e^xⱼ along an axis: `torch.nn.Softmax`; or its logarithm, `torch.nn.LogSoftmax`.
public struct Softmax: KernelLayer {
    public var axis: Int
    let isLogarithm: Bool

    init(axis: Int, isLogarithm: Bool = false) {
        self.axis = axis
        self.isLogarithm = isLogarithm
    }

    public static let kinds = [
        LayerKind("Softmax", Softmax(axis: 1), [.axis("dim", \.axis, 1)]),
        LayerKind("LogSoftmax", Softmax(axis: 1, isLogarithm: true), [.axis("dim", \.axis, 1)]),
    ]

    public func kind(of inputs: [Shape]) -> String { isLogarithm ? "LogSoftmax" : "Softmax" }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        _ = try axis(axis, of: shapes[0])
        return shapes[0]
    }

    var isElementwise: Bool { true }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        let around = inputs[0].around(axis: place(of: axis, among: inputs[0].extents.count))
        return SoftmaxKernel(
            outer: around.outer, length: around.length, inner: around.inner, isLogarithm: isLogarithm)
    }
}

/// Along the middle of `[outer, length, inner]`.
private struct SoftmaxKernel: SampleKernel {
    let outer: Int
    let length: Int
    let inner: Int
    let isLogarithm: Bool

    private var count: Int { outer * length * inner }
    var scratch: Int { 2 * length }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        if inner == 1, !isLogarithm { return lw_softmax(x[0], y, outer, length) }
        forEachLine { start in
            let line = aid.scratch
            gather(x[0] + start, line)
            if isLogarithm {
                lw_log_softmax(line, line, length)
            } else {
                lw_softmax(line, line, 1, length)
            }
            scatter(line, y + start)
        }
    }

    private func forEachLine(_ body: (Int) -> Void) {
        for outer in 0..<outer { for inner in 0..<inner { body(outer * length * self.inner + inner) } }
    }

    private func gather(_ from: Floats, _ line: Floats) {
        for index in 0..<length { line[index] = from[index * inner] }
    }

    private func scatter(_ line: Floats, _ to: Floats) {
        for index in 0..<length { to[index * inner] = line[index] }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        for direction in 1...directions {
            derive(x[0] + direction * count, y, y + direction * count, aid, isTransposed: false)
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        guard let dx = dx[0] else { return }
        derive(dy, y, dx, aid, isTransposed: true)
    }

    /// Softmax's derivative is its own transpose: y (v − Σ y v). Its logarithm's is v − Σ e^y v, transposed v − e^y Σ v.
    private func derive(_ v: Floats, _ y: Floats, _ result: Floats, _ aid: KernelAid, isTransposed: Bool) {
        let (line, values) = (aid.scratch, aid.scratch + length)
        forEachLine { start in
            gather(v + start, line)
            gather(y + start, values)
            if !isLogarithm {
                lw_softmax_backward(line, values, line, 1, length)
            } else {
                exponentiate(values, length)
                var sum: Float = 0
                for index in 0..<length { sum += isTransposed ? line[index] : line[index] * values[index] }
                for index in 0..<length { line[index] -= isTransposed ? values[index] * sum : sum }
            }
            scatter(line, result + start)
        }
    }

    private func exponentiate(_ values: Floats, _ count: Int) {
        lw_unary(values, values, count, LW_UNARY_EXP, 0, 0)
    }
}

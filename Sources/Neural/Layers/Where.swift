import CKernels

/// The second input where the first, a condition, isn't 0, and the third elsewhere: `torch.where`.
public struct Where: KernelLayer {
    public static let kinds = [LayerKind("where", Where())]

    public var inputCount: ClosedRange<Int> { 3...3 }
    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape { try broadcast(shapes) }

    var isElementwise: Bool { true }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        WhereKernel(
            counts: inputs.map(\.count),
            loops: BroadcastLoops(output: output.extents, operands: inputs.map(\.extents)))
    }
}

private struct WhereKernel: SampleKernel {
    /// Elements of each input.
    let counts: [Int]
    let loops: BroadcastLoops

    var parts: Int { loops.parts }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) { choose(x[0], x[1], x[2], y) }

    func forward(_ x: Operands, _ y: Floats, part: Int, of parts: Int, _ aid: KernelAid) {
        choose(x[0], x[1], x[2], y, part: part, of: parts)
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        for direction in 1...directions {
            choose(
                x[0], x[1] + direction * counts[1], x[2] + direction * counts[2], y + direction * loops.count)
        }
    }

    private func choose(
        _ condition: Floats, _ a: Floats, _ b: Floats, _ y: Floats, part: Int = 0, of parts: Int = 1
    ) {
        loops.visit(part: part, of: parts) { shape, places, output in
            withUnsafePointer(to: shape) {
                lw_where($0, condition + places.first, a + places.second, b + places.third, y + output)
            }
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        dx[0]?.update(repeating: 0, count: counts[0])
        for index in 1...2 {
            guard let gradient = dx[index] else { continue }
            gradient.update(repeating: 0, count: counts[index])
            loops.visit { shape, places, output in
                withUnsafePointer(to: shape) {
                    lw_where_backward(
                        $0, index == 1 ? 0 : 1, x[0] + places.first, dy + output,
                        gradient + (index == 1 ? places.second : places.third))
                }
            }
        }
    }
}

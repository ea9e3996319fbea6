/// Products of the matrices in two values' last two axes, the axes before them broadcast: `torch.matmul`.
public struct MatrixMultiplication: KernelLayer {
    public static let kinds = [LayerKind("matmul", MatrixMultiplication())]

    public var inputCount: ClosedRange<Int> { 2...2 }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let (left, right) = (shapes[0].extents, shapes[1].extents)
        try expect(left.count >= 2, shapes[0], "matrices beside the batch's axis")
        let (rank, columns) = (left.count, left[left.count - 1])
        try expect(
            right.count == rank && right[rank - 2] == columns, shapes[1],
            "matrices of \(counted(columns, "row", "rows")) in a value of \(counted(rank, "axis", "axes"))")
        guard rank > 2 else { return try Shape([left[0], right[1]]) }
        let slices = try broadcast([try Shape(Array(left.dropLast(2))), try Shape(Array(right.dropLast(2)))])
        return try Shape(slices.extents + [left[rank - 2], right[rank - 1]])
    }

    func limits(of inputs: [Shape], to output: Shape) -> [LayerLimit] {
        [.multiplications(output.count, inputs[0].extents.last ?? 1)]
    }

    var orderRule: OrderRule { .plain }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        let (left, right, rank) = (inputs[0].extents, inputs[1].extents, output.extents.count)
        let (rows, columns, depth) = (left[rank - 2], right[rank - 1], left[rank - 1])
        // One matrix on the right for all: then those on the left are one.
        guard inputs[1].count > depth * columns else {
            return MatrixKernel(
                slices: [(0, 0)], counts: inputs.map(\.count), rows: inputs[0].count / depth, columns: columns,
                depth: depth)
        }
        var slices: [(left: Int, right: Int)] = []
        let loops = BroadcastLoops(
            output: Array(output.extents.dropLast(2)), operands: [Array(left.dropLast(2)), Array(right.dropLast(2))])
        loops.visit { shape, places, _ in
            for row in 0..<shape.rows {
                for column in 0..<shape.columns {
                    slices.append(
                        (
                            (places.first + row * shape.row.0 + column * shape.column.0) * rows * depth,
                            (places.second + row * shape.row.1 + column * shape.column.1) * depth * columns
                        ))
                }
            }
        }
        return MatrixKernel(
            slices: slices, counts: inputs.map(\.count), rows: rows, columns: columns, depth: depth)
    }
}

/// `[rows, depth]` · `[depth, columns]` for each slice.
private struct MatrixKernel: SampleKernel {
    /// Where each slice's operands begin; its result follows the one before.
    let slices: [(left: Int, right: Int)]
    /// Elements of each input.
    let counts: [Int]
    let rows: Int
    let columns: Int
    let depth: Int

    var products: Int { slices.count * rows * columns * depth }

    /// How many pieces the rows of a slice are multiplied in; one by one also where nobody shares them, since the
    /// library may add in another order where there are more rows.
    private var cuts: Int { products < 200_000 || slices.count >= 4 ? 1 : max(1, min(4, rows / 32)) }
    var parts: Int { products < 200_000 ? 1 : min(4, slices.count * cuts) }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) { multiply(x[0], x[1], y, accumulate: false) }

    func forward(_ x: Operands, _ y: Floats, part: Int, of parts: Int, _ aid: KernelAid) {
        let pieces = slices.count * cuts
        multiply(x[0], x[1], y, pieces * part / parts..<pieces * (part + 1) / parts, accumulate: false)
    }

    /// - Parameter range: of pieces; nil for all.
    private func multiply(_ a: Floats, _ b: Floats, _ c: Floats, _ range: Range<Int>? = nil, accumulate: Bool) {
        let cuts = cuts
        for piece in range ?? 0..<slices.count * cuts {
            let (slice, cut) = (piece / cuts, piece % cuts)
            let first = rows * cut / cuts
            MatrixProduct.multiply(
                a + slices[slice].left + first * depth, aStride: depth, b + slices[slice].right, bStride: columns,
                into: c + (slice * rows + first) * columns, cStride: columns, m: rows * (cut + 1) / cuts - first,
                n: columns, k: depth, accumulate: accumulate)
        }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        for direction in 1...directions {
            let result = y + direction * slices.count * rows * columns
            multiply(x[0] + direction * counts[0], x[1], result, accumulate: false)
            multiply(x[0], x[1] + direction * counts[1], result, accumulate: true)
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        for index in counts.indices { dx[index]?.update(repeating: 0, count: counts[index]) }
        for (index, slice) in slices.enumerated() {
            let gradient = dy + index * rows * columns
            if let left = dx[0] {
                MatrixProduct.multiply(
                    gradient, aStride: columns, x[1] + slice.right, .transposed, bStride: columns,
                    into: left + slice.left, cStride: depth, m: rows, n: depth, k: columns, accumulate: true)
            }
            if let right = dx[1] {
                MatrixProduct.multiply(
                    x[0] + slice.left, .transposed, aStride: depth, gradient, bStride: columns,
                    into: right + slice.right, cStride: columns, m: depth, n: columns, k: rows, accumulate: true)
            }
        }
    }
}

/// A layer whose every output is one of its inputs, or one number for all: slices, paddings, transposes.
protocol IndexMapLayer: ExecutableLayer {
    /// For each element of the output, in the order of its shape, the element of the input that it is; −1 for ``fill``.
    func sources(from input: Shape, to output: Shape) -> [Int32]
    var fill: Float { get }
    /// Whether there is an output that is ``fill`` and no input.
    var fills: Bool { get }
}

extension IndexMapLayer {
    var fill: Float { 0 }
    var fills: Bool { false }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        lowering.appendIndexMap(
            node, sources: sources(from: node.inputShapes[0], to: node.outputShape), fill: fill)
    }
}

/// The distance between neighbors along each axis, row-major.
func rowMajorStrides(_ extents: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: extents.count - 2, through: 0, by: -1) {
        strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
}

/// The row-major element number of each element of some extents, built from a number for each place along each axis; −1
/// where one of them is.
///
/// - Parameter places: for each axis of the output the input's offset of each step along it; −1 for none.
func gatheredIndices(_ places: [[Int]]) -> [Int32] {
    places.reduce([Int32(0)]) { numbers, axis in
        numbers.flatMap { number in axis.map { number < 0 || $0 < 0 ? -1 : number + Int32($0) } }
    }
}

import Neural

/// Rows and columns that a network cuts off the ends of transposed convolutions' images, directly or after an activation:
/// the operator's own pads do that too, and the runtime need not make them.
struct FoldedCrops {
    /// For each such convolution, by its place among the nodes, how many rows and columns.
    private(set) var amounts: [Int: (rows: Int, columns: Int)] = [:]
    /// The nodes that cut them off, which have nothing left to do.
    private(set) var nodes: Set<Int> = []

    init(_ network: Network) {
        var readers = [[Int]](repeating: [], count: network.shapes.count)
        for (index, node) in network.nodes.enumerated() {
            for value in node.inputs { readers[value].append(index) }
        }
        for value in network.outputs { readers[value].append(-1) }
        for (index, node) in network.nodes.enumerated()
        where node.operation.as(TransposedConvolution.self) != nil {
            var value = network.inputs.count + index
            let made = network.shapes[value].extents
            var crops: [Int] = []
            while readers[value].count == 1, let reader = readers[value].first, reader >= 0 {
                let operation = network.nodes[reader].operation
                guard operation.cutsImagesEnds || operation.as(Activation.self) != nil else { break }
                if operation.cutsImagesEnds { crops.append(reader) }
                value = network.inputs.count + reader
                if operation.cutsImagesEnds {
                    let left = network.shapes[value].extents
                    amounts[index] = (made[1] - left[1], made[2] - left[2])
                }
            }
            nodes.formUnion(crops)
        }
    }
}

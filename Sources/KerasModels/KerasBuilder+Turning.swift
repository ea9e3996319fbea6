import Importing
import Neural

extension KerasBuilder {
    /// A vector in the engine's order of an image, by turning the weights of the dense layer that made it.
    ///
    /// Between that layer and the vector there may be functions of each element and batch normalization; they are put into
    /// the graph once more, and what was there before is left out when networks are cut, unless somebody else reads it.
    ///
    /// - Returns: nil where something else made the vector.
    mutating func turned(
        _ value: KerasValue, height: Int, width: Int, channels: Int
    ) throws(ImportProblem) -> KerasValue? {
        var chain: [GraphAssembly.Value] = []
        var place = value.engine
        while let operation = assembly.operation(of: place) {
            chain.append(place)
            if operation.as(Linear.self) != nil { break }
            let isBatch = operation.as(BatchNormalization.self) != nil
            guard isBatch || operation.as(Activation.self) != nil, assembly.sources(of: place).count == 1 else {
                return nil
            }
            place = assembly.sources(of: place)[0]
        }
        guard assembly.operation(of: place)?.as(Linear.self) != nil, chain.count <= 8,
            assembly.shape(of: place).extents.count == 1
        else { return nil }
        let places = channelsFirstPlaces(height: height, width: width, channels: channels)
        var made = assembly.sources(of: place)[0]
        for node in chain.reversed() {
            guard let operation = assembly.operation(of: node) else { return nil }
            let tensors = assembly.tensors(of: node).mapValues { KerasBuilder.rows($0, places) }
            let again = try assembly.add(operation, [made], name: assembly.name(of: node), tensors: tensors)
            assembly.exchangeNames(node, again)
            made = again
        }
        return KerasValue(made, value.shape, .flat(height: height, width: width, channels: channels))
    }

    /// The rows of a tensor in another order.
    private static func rows(_ tensor: Tensor, _ places: [Int]) -> Tensor {
        guard tensor.extents.first == places.count else { return tensor }
        let length = tensor.values.count / places.count
        let values = [Float](unsafeUninitializedCapacity: tensor.values.count) { memory, count in
            tensor.values.withUnsafeBufferPointer { source in
                for (row, place) in places.enumerated() {
                    for column in 0..<length { memory[row * length + column] = source[place * length + column] }
                }
            }
            count = tensor.values.count
        }
        return Tensor(extents: tensor.extents, values: values)
    }
}

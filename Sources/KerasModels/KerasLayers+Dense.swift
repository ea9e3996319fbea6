import Importing
import Neural

extension KerasLayers {
    static let dense: [String: Make] = [
        "Dense": { (operands, builder) throws(ImportProblem) in
            let value = try builder.dense(operands)
            return [try builder.activation(of: operands, value)]
        },
        "Embedding": { (operands, builder) throws(ImportProblem) in
            let table = try builder.variables(operands)[0]
            guard table.shape.count == 2 else { throw operands.settings.problem("has a table that is none") }
            try operands.settings.check("input_dim", table.shape[0])
            try operands.settings.check("output_dim", table.shape[1])
            let index = try builder.plain(try operands.single())
            let rows = try builder.add(
                "Embedding", ["num_embeddings": .integer(table.shape[0]), "embedding_dim": .integer(table.shape[1])],
                [index.engine], operands.layer, tensors: ["weight": Tensor(extents: table.shape, values: table.values)])
            // A single number is a vector of one in the engine.
            let shape = index.shape + [table.shape[1]]
            guard index.shape.isEmpty else { return [KerasValue(rows, shape)] }
            return [
                KerasValue(try builder.add("reshape", ["shape": .integers(shape)], [rows], operands.layer), shape)
            ]
        },
    ]
}

extension KerasBuilder {
    /// The layer's weights, as many as its settings say.
    func variables(_ operands: KerasOperands) throws(ImportProblem) -> [KerasTensor] {
        guard let names = KerasVariables.names(of: operands.layer) else { return [] }
        if operands.settings["use_bias"]?.boolean == false,
            (try? weights.variables(of: operands.layer, names + ["bias"])) != nil
        {
            throw operands.settings.problem("says that it has no bias, but the file has one for it")
        }
        return try weights.variables(of: operands.layer, names)
    }

    /// A dense layer over the last axis.
    fileprivate mutating func dense(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let variables = try variables(operands)
        let value = try operands.single()
        guard let kernel = variables.first, kernel.shape.count == 2, kernel.shape[0] == value.shape.last else {
            throw operands.settings.problem(
                "reads \(value.shape), which its weights \(variables.first?.shape ?? []) do not fit")
        }
        let (inputs, outputs) = (kernel.shape[0], kernel.shape[1])
        try operands.settings.check("units", outputs)
        var tensors: [String: Tensor] = [:]
        if variables.count > 1 { tensors["bias"] = try vector(variables[1], outputs, operands) }
        // Where an image was made a vector, the weights are put into the engine's order instead.
        var places = Array(0..<inputs)
        if case .flat(let height, let width, let channels) = value.order {
            places = channelsFirstPlaces(height: height, width: width, channels: channels)
        }
        let weight = [Float](unsafeUninitializedCapacity: inputs * outputs) { memory, count in
            kernel.values.withUnsafeBufferPointer { source in
                for output in 0..<outputs {
                    for input in 0..<inputs {
                        memory[output * inputs + input] = source[places[input] * outputs + output]
                    }
                }
            }
            count = inputs * outputs
        }
        let shape = value.shape.dropLast() + [outputs]
        if value.order == .image {
            // Pixel by pixel: a convolution of one pixel.
            tensors["weight"] = Tensor(extents: [outputs, inputs, 1, 1], values: weight)
            let made = try add(
                "Conv2d",
                [
                    "in_channels": .integer(inputs), "out_channels": .integer(outputs), "kernel_size": .integer(1),
                    "bias": .boolean(variables.count > 1),
                ], [value.engine], operands.layer, tensors: tensors)
            return KerasValue(made, Array(shape), .image)
        }
        tensors["weight"] = Tensor(extents: [outputs, inputs], values: weight)
        let made = try add(
            "Linear",
            [
                "in_features": .integer(inputs), "out_features": .integer(outputs),
                "bias": .boolean(variables.count > 1),
            ], [value.engine], operands.layer, tensors: tensors)
        return KerasValue(made, Array(shape))
    }

    /// A variable that is a vector of so many numbers.
    func vector(_ tensor: KerasTensor, _ count: Int, _ operands: KerasOperands) throws(ImportProblem) -> Tensor {
        guard tensor.values.count == count else {
            throw operands.settings.problem("has weights of \(tensor.shape), where \(count) numbers belong")
        }
        return Tensor(extents: [count], values: tensor.values)
    }
}

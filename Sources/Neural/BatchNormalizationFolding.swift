extension Network {
    /// The same function with each batch normalization that follows a convolution or linear layer, directly or after rows and
    /// columns were cut off, folded into it: W' = γ/√(v+ε) W, b' = γ/√(v+ε) (b − m) + β. Right for inference only, where the
    /// statistics are fixed.
    ///
    /// - Parameter tensors: the network's tensors; others are passed through.
    public func foldingBatchNormalization(_ tensors: [String: Tensor]) -> (network: Network, tensors: [String: Tensor])
    {
        var tensors = tensors
        var nodes: [Node] = []
        // Where each of this network's values is in the new one.
        var place = Array(0..<inputs.count)
        for (index, node) in self.nodes.enumerated() {
            let arguments = node.inputs.map { place[$0] }
            if let layer = node.operation.as(BatchNormalization.self), let made = maker(of: node.inputs[0]),
                case let maker = self.nodes[made - inputs.count],
                let folded = maker.operation.executable.withBias, scalesChannels(maker, made),
                fold(layer, node.name, into: maker, &tensors)
            {
                nodes[place[made] - inputs.count] = Node(
                    folded, inputs: nodes[place[made] - inputs.count].inputs, name: maker.name)
                place.append(arguments[0])
            } else {
                place.append(inputs.count + nodes.count)
                nodes.append(Node(node.operation, inputs: arguments, name: node.name))
            }
            assert(place.count == inputs.count + index + 1)
        }
        guard
            let network = try? Network(
                inputs: inputs, nodes: nodes, outputs: outputs.map { place[$0] }, inputNames: inputNames,
                outputNames: outputNames)
        else { preconditionFailure("folding keeps every shape") }
        return (network, tensors)
    }

    /// The value of the layer that makes a value, apart from rows and columns that were cut off: a channel's scale does not
    /// depend on those. Nil where something else reads one of them.
    private func maker(of value: Value) -> Value? {
        var value = value
        while isReadOnce(value), value >= inputs.count {
            let node = nodes[value - inputs.count]
            guard shapes[value].image != nil, node.operation.cutsImagesEnds else { return value }
            value = node.inputs[0]
        }
        return nil
    }

    /// Whether a layer's outputs are what batch normalization takes for channels: those of a linear layer lie last.
    private func scalesChannels(_ maker: Node, _ made: Value) -> Bool {
        maker.operation.as(Linear.self) == nil || shapes[made].extents.count == 1
    }

    private func isReadOnce(_ value: Value) -> Bool {
        !outputs.contains(value) && nodes.reduce(0) { $0 + $1.inputs.filter { $0 == value }.count } == 1
    }

    private func fold(
        _ layer: BatchNormalization, _ name: String, into maker: Node, _ tensors: inout [String: Tensor]
    ) -> Bool {
        let ones = [Float](repeating: 1, count: layer.channels)
        let zeros = [Float](repeating: 0, count: layer.channels)
        guard let weight = tensors["\(maker.name).weight"], let mean = tensors["\(name).running_mean"]?.values,
            let variance = tensors["\(name).running_var"]?.values,
            let gamma = layer.isAffine ? tensors["\(name).weight"]?.values : ones,
            let beta = layer.isAffine ? tensors["\(name).bias"]?.values : zeros
        else { return false }
        let scales = zip(gamma, variance).map { $0 / ($1 + layer.epsilon).squareRoot() }
        let bias = tensors["\(maker.name).bias"]?.values ?? zeros
        tensors["\(maker.name).weight"] = maker.operation.executable.scaling(weight, by: scales)
        tensors["\(maker.name).bias"] = Tensor(
            extents: [layer.channels], values: bias.indices.map { scales[$0] * (bias[$0] - mean[$0]) + beta[$0] })
        for suffix in ["weight", "bias", "running_mean", "running_var"] { tensors["\(name).\(suffix)"] = nil }
        return true
    }
}

extension ExecutableLayer {
    /// A weight with each output channel's values times a number.
    fileprivate func scaling(_ weight: Tensor, by scales: [Float]) -> Tensor {
        let inner = weight.extents[(outputAxis + 1)...].reduce(1, *)
        let along = weight.extents[outputAxis]
        // A grouped transposed convolution counts its outputs anew in each group of inputs.
        let groups = scales.count / along
        let groupCount = weight.values.count / groups
        let values = [Float](unsafeUninitializedCapacity: weight.values.count) { buffer, count in
            for (index, value) in weight.values.enumerated() {
                let channel = index / inner % along
                let group = outputAxis == 0 ? 0 : index / groupCount
                buffer.initializeElement(at: index, to: value * scales[group * along + channel])
            }
            count = weight.values.count
        }
        return Tensor(extents: weight.extents, values: values)
    }
}

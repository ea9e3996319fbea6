extension Network {
    /// The same function with each batch normalisation that directly follows a convolution or linear layer folded into
    /// it: W' = γ/√(v+ε) W, b' = γ/√(v+ε) (b − m) + β. Right for inference only, where the statistics are fixed.
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
            if case .batchNormalization(let layer) = node.operation, isReadOnce(node.inputs[0]),
                let maker = node.inputs[0] >= inputs.count ? self.nodes[node.inputs[0] - inputs.count] : nil,
                let folded = maker.operation.withBias,
                fold(layer, node.name, into: maker, &tensors)
            {
                nodes[arguments[0] - inputs.count] = Node(
                    folded, inputs: nodes[arguments[0] - inputs.count].inputs, name: maker.name)
                place.append(arguments[0])
            } else {
                place.append(inputs.count + nodes.count)
                nodes.append(Node(node.operation, inputs: arguments, name: node.name))
            }
            assert(place.count == inputs.count + index + 1)
        }
        guard let network = try? Network(inputs: inputs, nodes: nodes, outputs: outputs.map { place[$0] }) else {
            preconditionFailure("folding keeps every shape")
        }
        return (network, tensors)
    }

    private func isReadOnce(_ value: Value) -> Bool {
        !outputs.contains(value) && nodes.reduce(0) { $0 + $1.inputs.filter { $0 == value }.count } == 1
    }

    private func fold(
        _ layer: BatchNormalization, _ name: String, into maker: Node, _ tensors: inout [String: Tensor]
    ) -> Bool {
        guard let weight = tensors["\(maker.name).weight"], let gamma = tensors["\(name).weight"]?.values,
            let beta = tensors["\(name).bias"]?.values, let mean = tensors["\(name).running_mean"]?.values,
            let variance = tensors["\(name).running_var"]?.values
        else { return false }
        let scales = zip(gamma, variance).map { $0 / ($1 + layer.epsilon).squareRoot() }
        let bias = tensors["\(maker.name).bias"]?.values ?? [Float](repeating: 0, count: layer.channels)
        let channelStride = maker.operation.outputChannelStride(in: weight.extents)
        let scaled = weight.values.enumerated().map { index, value in
            value * scales[index / channelStride % layer.channels]
        }
        tensors["\(maker.name).weight"] = Tensor(extents: weight.extents, values: scaled)
        tensors["\(maker.name).bias"] = Tensor(
            extents: [layer.channels], values: bias.indices.map { scales[$0] * (bias[$0] - mean[$0]) + beta[$0] })
        for suffix in ["weight", "bias", "running_mean", "running_var"] { tensors["\(name).\(suffix)"] = nil }
        return true
    }
}

extension Operation {
    /// The same operation with a bias; nil for one that has no weights to fold into.
    fileprivate var withBias: Operation? {
        switch self {
        case .linear(let inputs, let outputs, _): .linear(inputs: inputs, outputs: outputs, bias: true)
        case .convolution(let layer):
            .convolution(
                Convolution(
                    inputs: layer.inputs, outputs: layer.outputs, kernel: layer.kernel, stride: layer.stride,
                    padding: layer.padding))
        case .transposedConvolution(let layer):
            .transposedConvolution(
                TransposedConvolution(
                    inputs: layer.inputs, outputs: layer.outputs, kernel: layer.kernel, stride: layer.stride,
                    padding: layer.padding, outputPadding: layer.outputPadding))
        default: nil
        }
    }

    /// The distance in a weight between two output channels' values: they are the first axis, or a transposed
    /// convolution's second.
    fileprivate func outputChannelStride(in extents: [Int]) -> Int {
        switch self {
        case .transposedConvolution: extents[2] * extents[3]
        default: extents.dropFirst().reduce(1, *)
        }
    }
}

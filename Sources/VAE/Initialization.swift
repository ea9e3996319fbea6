import Neural

extension Architecture {
    /// New tensors, drawn as PyTorch draws them: weights and biases uniform in ±1/√fan-in (He et al. 2015 with a = √5),
    /// batch normalisation at the identity, a learned variance of the pixels at 0.1.
    public func initialTensors(seed: UInt64) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        var position: UInt64 = 0
        for network in [encoder, decoder] {
            for node in network.nodes {
                for parameter in node.operation.parameters(named: node.name) {
                    tensors[parameter.name] = node.operation.initialTensor(parameter, seed: seed, position: position)
                    position += 1
                }
            }
        }
        for parameter in likelihood.parameters {
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: [Likelihood.firstLogVariance])
        }
        return tensors
    }
}

extension Operation {
    fileprivate func initialTensor(_ parameter: ParameterDeclaration, seed: UInt64, position: UInt64) -> Tensor {
        func constant(_ value: Float) -> Tensor {
            Tensor(extents: parameter.extents, values: Array(repeating: value, count: parameter.count))
        }
        let fanIn: Int
        switch self {
        case .linear(let inputs, _, _): fanIn = inputs
        case .convolution(let layer): fanIn = layer.inputs * layer.kernel.height * layer.kernel.width
        // PyTorch takes the second axis as the fan here too.
        case .transposedConvolution(let layer): fanIn = layer.outputs * layer.kernel.height * layer.kernel.width
        default: return constant(parameter.name.hasSuffix("weight") || parameter.name.hasSuffix("var") ? 1 : 0)
        }
        var generator = CounterGenerator(seed: seed, purpose: .initialization, position: position)
        let bound = 1 / Float(fanIn).squareRoot()
        let values = (0..<parameter.count).map { _ in (2 * generator.uniform() - 1) * bound }
        return Tensor(extents: parameter.extents, values: values)
    }
}

import Neural

extension Architecture {
    /// New tensors, drawn as PyTorch draws them: weights and biases uniform in ±1/√fan-in (He et al. 2015 with a = √5),
    /// normalizations at the identity, a learned variance of the pixels at 0.1.
    public func initialTensors(seed: UInt64) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        var position: UInt64 = 0
        for node in nodes {
            for parameter in node.operation.parameters(named: node.name) {
                tensors[parameter.name] = node.operation.initialTensor(parameter, seed: seed, position: position)
                position += 1
            }
        }
        for parameter in likelihood?.parameters ?? [] {
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: [Likelihood.firstLogVariance])
        }
        return tensors
    }
}

extension Operation {
    fileprivate func initialTensor(_ parameter: ParameterDeclaration, seed: UInt64, position: UInt64) -> Tensor {
        var generator = CounterGenerator(seed: seed, purpose: .initialization, position: position)
        let values: [Float]
        switch initialization(of: parameter) {
        case .constant(let value): values = Array(repeating: value, count: parameter.count)
        case .uniform(let fan):
            let bound = 1 / Float(max(1, fan)).squareRoot()
            values = (0..<parameter.count).map { _ in (2 * generator.uniform() - 1) * bound }
        case .normal:
            values = generator.normals(parameter.count)
        }
        return Tensor(extents: parameter.extents, values: values)
    }
}

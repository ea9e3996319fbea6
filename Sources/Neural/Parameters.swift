/// A tensor that an operation needs, named and shaped as `torch.nn` has it.
public struct ParameterDeclaration: Hashable, Sendable {
    public enum Role: Hashable, Sendable {
        /// Learned by gradient.
        case weight, bias
        /// Kept by the operation itself: running statistics.
        case statistic
    }

    /// The full name: `decoder.3.weight`.
    public let name: String
    public let extents: [Int]
    public let role: Role

    public var count: Int { extents.reduce(1, *) }

    public init(name: String, extents: [Int], role: Role) {
        self.name = name
        self.extents = extents
        self.role = role
    }
}

extension Operation {
    /// The tensors of an operation, in the order in which PyTorch lists them.
    public func parameters(named prefix: String) -> [ParameterDeclaration] {
        func declare(_ name: String, _ extents: [Int], _ role: ParameterDeclaration.Role) -> ParameterDeclaration {
            ParameterDeclaration(name: "\(prefix).\(name)", extents: extents, role: role)
        }
        func weights(_ extents: [Int], outputs: Int, bias: Bool) -> [ParameterDeclaration] {
            [declare("weight", extents, .weight)] + (bias ? [declare("bias", [outputs], .bias)] : [])
        }
        switch self {
        case .linear(let inputs, let outputs, let bias):
            return weights([outputs, inputs], outputs: outputs, bias: bias)
        case .convolution(let layer):
            return weights(
                [layer.outputs, layer.inputs, layer.kernel.height, layer.kernel.width],
                outputs: layer.outputs, bias: layer.bias)
        case .transposedConvolution(let layer):
            return weights(
                [layer.inputs, layer.outputs, layer.kernel.height, layer.kernel.width],
                outputs: layer.outputs, bias: layer.bias)
        case .batchNormalization(let layer):
            return [
                declare("weight", [layer.channels], .weight), declare("bias", [layer.channels], .bias),
                declare("running_mean", [layer.channels], .statistic),
                declare("running_var", [layer.channels], .statistic),
            ]
        case .maxPooling, .averagePooling, .upsampling, .activation, .softmax, .flatten, .unflatten:
            return []
        }
    }
}

extension Network {
    /// All tensors that the network needs, in the order of its nodes.
    public var parameters: [ParameterDeclaration] {
        nodes.flatMap { $0.operation.parameters(named: $0.name) }
    }
}

/// Numbers with a shape, row-major, in PyTorch's layout.
public struct Tensor: Hashable, Sendable {
    public let extents: [Int]
    public let values: [Float]

    /// - Precondition: the values fill the extents.
    public init(extents: [Int], values: [Float]) {
        precondition(values.count == extents.reduce(1, *), "a tensor's values fill it")
        self.extents = extents
        self.values = values
    }
}

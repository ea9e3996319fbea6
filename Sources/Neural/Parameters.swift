/// A tensor that an operation needs, named and shaped as PyTorch has it.
public struct ParameterDeclaration: Hashable, Sendable {
    public enum Role: Hashable, Sendable {
        /// Learned by gradient.
        case weight, bias
        /// Kept by the operation itself: running statistics, constants.
        case statistic
    }

    /// The full name, `decoder.3.weight`; within a layer the last word alone.
    public let name: String
    public let extents: [Int]
    public let role: Role

    public var count: Int { extents.reduce(1, *) }

    public init(name: String, extents: [Int], role: Role) {
        self.name = name
        self.extents = extents
        self.role = role
    }

    /// A weight, and perhaps a bias of so many outputs.
    static func weights(_ extents: [Int], outputs: Int, bias: Bool) -> [ParameterDeclaration] {
        [ParameterDeclaration(name: "weight", extents: extents, role: .weight)]
            + (bias ? [ParameterDeclaration(name: "bias", extents: [outputs], role: .bias)] : [])
    }
}

extension [ParameterDeclaration] {
    /// Those that are learned by gradient.
    public var learned: [ParameterDeclaration] { filter { $0.role != .statistic } }

    /// The number of their numbers.
    public var elementCount: Int { reduce(0) { $0 + $1.count } }
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

import Neural

/// An activation by the name that options have for it, with its slope: `leaky_relu:0.2`.
public struct ActivationName: Hashable, Sendable {
    /// Nil: none.
    public let operation: Operation?

    private static let layers = [
        "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU", "silu": "SiLU",
        "tanh": "Tanh", "softplus": "Softplus", "sigmoid": "Sigmoid", "softmax": "Softmax",
    ]

    /// - Throws: ``OptionProblem``.
    public init(_ text: String) throws(OptionProblem) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard text != "none" else {
            operation = nil
            return
        }
        guard let layer = parts.first.flatMap({ ActivationName.layers[$0] }), parts.count == 1 || layer == "LeakyReLU"
        else { throw .noActivation(text) }
        var settings: [(name: String, value: Setting)] = layer == "Softmax" ? [("dim", .integer(1))] : []
        if parts.count == 2 {
            guard let slope = Float(parts[1]), slope.isFinite else { throw .noSlope(parts[1]) }
            settings.append(("negative_slope", .number(slope)))
        }
        operation = try? LayerCatalog.entry(named: layer)?.make(settings)
    }
}

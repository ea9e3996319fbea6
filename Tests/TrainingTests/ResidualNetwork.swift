import Neural
import Testing
import VAE

/// A part of a model that is written down node by node.
struct GraphBuilder {
    private(set) var nodes: [Network.Node] = []
    private let name: String

    init(_ name: String) { self.name = name }

    /// - Returns: the value that the node makes; the part's only input is value 0.
    mutating func add(
        _ kind: String, _ settings: [(name: String, value: Setting)] = [], of inputs: Int...
    ) throws -> Int {
        let entry = try #require(LayerCatalog.entry(named: kind))
        nodes.append(Network.Node(try entry.make(settings), inputs: inputs, name: "\(name).\(nodes.count)"))
        return nodes.count
    }

    /// Group normalization, SiLU, convolution, and what came in added.
    mutating func residual(_ value: Int, channels: Int) throws -> Int {
        let normal = try add(
            "GroupNorm", [("num_groups", .integer(2)), ("num_channels", .integer(channels))], of: value)
        let active = try add("SiLU", of: normal)
        return try add("add", of: try convolution(active, channels, channels), value)
    }

    mutating func convolution(_ value: Int, _ inputs: Int, _ outputs: Int) throws -> Int {
        try add(
            "Conv2d",
            [
                ("in_channels", .integer(inputs)), ("out_channels", .integer(outputs)), ("kernel_size", .integer(3)),
                ("padding", .integer(1)),
            ], of: value)
    }

    mutating func linear(_ value: Int, _ inputs: Int, _ outputs: Int) throws -> Int {
        try add("Linear", [("in_features", .integer(inputs)), ("out_features", .integer(outputs))], of: value)
    }

    func part(input: Shape, output: Int, role: InputRole) throws -> Architecture.Part {
        Architecture.Part(try Network(inputs: [input], nodes: nodes, outputs: [output]), roles: [role])
    }
}

extension Architecture {
    /// A residual convolutional network with group normalization and SiLU, of 12×12 pixels and two latents.
    static func residual() throws -> Architecture {
        var encoder = GraphBuilder("encoder")
        let wide = try encoder.convolution(0, 1, 8)
        let block = try encoder.residual(wide, channels: 8)
        let pooled = try encoder.add("MaxPool2d", [("kernel_size", .integer(2))], of: block)
        let posterior = try encoder.linear(try encoder.add("Flatten", of: pooled), 288, 4)

        var decoder = GraphBuilder("decoder")
        let map = try decoder.add(
            "Unflatten", [("dim", .integer(1)), ("unflattened_size", .integers([4, 6, 6]))],
            of: try decoder.linear(0, 2, 144))
        let large = try decoder.add(
            "Upsample", [("scale_factor", .integer(2))], of: try decoder.residual(map, channels: 4))
        let image = try decoder.add("Sigmoid", of: try decoder.convolution(large, 4, 1))
        return try Architecture(
            encoder: try encoder.part(input: Shape([1, 12, 12]), output: posterior, role: .image),
            decoder: try decoder.part(input: Shape([2]), output: image, role: .latent), likelihood: .bernoulli)
    }
}

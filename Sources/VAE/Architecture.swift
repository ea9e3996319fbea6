import Neural

/// The two networks of a variational autoencoder, checked: the encoder takes an image and gives 2·d numbers (the
/// posterior's d means, then its d log-variances), the decoder takes d latents and gives an image.
public struct Architecture: Hashable, Sendable {
    /// `[channels, height, width]`.
    public let input: Shape
    /// The number of latents, d.
    public let latentSize: Int
    public let likelihood: Likelihood
    public let encoder: Network
    public let decoder: Network

    /// - Throws: ``ArchitectureError`` naming the layer, or the end, that doesn't fit.
    public init(
        input: Shape, latentSize: Int, likelihood: Likelihood, encoder: [Operation], decoder: [Operation]
    ) throws(ArchitectureError) {
        guard input.image != nil else {
            throw .invalid("the input must be channels × height × width, but is \(input)")
        }
        guard (1...1024).contains(latentSize) else {
            throw .invalid("the latent size must be 1 to 1024, but is \(latentSize)")
        }
        let encoder = try Network(sequential: encoder, input: input, name: "encoder")
        let decoder = try Network(sequential: decoder, input: try Shape([latentSize]), name: "decoder")
        try Architecture.check(encoder, endsIn: try Shape([2 * latentSize]), "encoder")
        try Architecture.check(decoder, endsIn: input, "decoder")
        if likelihood == .bernoulli, decoder.nodes.last?.operation != .activation(.sigmoid) {
            throw .invalid("a decoder with a Bernoulli likelihood must end in a Sigmoid")
        }
        if case .gaussian(.fixed(let variance)) = likelihood, !(variance > 0 && variance.isNormal) {
            throw .invalid("the variance of a Gaussian likelihood must be above 0, but is \(variance)")
        }
        self.input = input
        self.latentSize = latentSize
        self.likelihood = likelihood
        self.encoder = encoder
        self.decoder = decoder
    }

    private static func check(
        _ network: Network, endsIn expected: Shape, _ part: String
    ) throws(ArchitectureError) {
        guard network.outputShapes == [expected] else {
            throw .wrongOutput(part, found: network.outputShapes[0], expected: expected)
        }
    }

    /// All tensors of the model: the encoder's, the decoder's, and the likelihood's, where it has one.
    public var parameters: [ParameterDeclaration] {
        encoder.parameters + decoder.parameters + likelihood.parameters
    }

    /// The number of learned numbers.
    public var parameterCount: Int {
        parameters.filter { $0.role != .statistic }.reduce(0) { $0 + $1.count }
    }
}
